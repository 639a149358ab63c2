/**
 * Given names that resemble each other and are two: Andrea and Andreas, Paul and Paula, Lina and Nina. Members of one
 * family have such names, and one mailbox. A name that is in no list is taken for a typing error of the other.
 */

const toNames = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

const WOMEN = toNames(`
adela adele agata agnes aida alba alexa alexandra alexia alice alicia alina alisa alma amelia amelie ana anastasia andrea
andreja angela angelica angelina anita anja anke anna anne annika antje antonia antonella ariana astrid beata beate bella
berta bettina bianca birgit birgitta bozena brigitte britta camila camilla carina carla carlotta carmen carola carolina
caroline cecilia celina celine chiara chloe christa christiane christina christine clara claire claudia cora corinna cornelia
cristina dagmar dana daniela danuta daria deborah denise diana dina dominika dora doris dorothea edith eileen elena eleonora
elia eliana elina elisa elisabeth elise ella ellen elsa elvira emilia emilie emily emma erica erika erna ester eva evelina
evelyn ewa ewelina fabiana fabienne fatima felicia felicitas fiona flora florentina franca francesca franka franziska freya
frida frieda friederike gabriela gabriele gabriella gemma gerda giada gianna gina giovanna gisela giulia gloria grazyna greta
gudrun halina hana hanna hanne hedda hedwig heidi heike helena helene helga henriette hilda hilde ida ilona ilse ina ines inga
inge ingrid irena irene irina iris irma isa isabel isabella iva ivana iwona izabela jacqueline jadwiga jana jane janina
janine jasmin jelena jenna jennifer jessica joan joana joanna johanna jolanta josefa josefina josefine judith julia juliana
juliane julie julieta juliette julika justina justine justyna jutta kamila karen karin karina karla karolina kata katarina kate
katharina katia katja katrin katarzyna kerstin kinga kira klara krystyna kristin kristina lana lara larissa laura laurie lea
leila lena leni leona leonie leonora leila liana lia lidia lila lilia lilli lilly lina linda linn lisa lola lora lore lorena
lotta lotte louisa louise lucia luciana lucie lucja lucy luisa luise luna lydia madeleine magda magdalena maike maja malin
malgorzata manuela mara mareike margareta margarete margarita margot maria marie marianna marianne marica marietta marija marina
marion marisa marit marlene marlies marta martina mary mathilda mathilde maya mechthild melanie melina mercedes meta mia
michaela michelle mila milena mina mira miriam mirja mona monica monika nadia nadine nadja naomi natalia natalie natascha nela
nele nelly nicola nicoletta nicole nika nina nola nora norma nuria olga olivia ottilie pamela paola patricia patrizia paula paulina
pauline petra philippa pia rachel rafaela rahel ramona raquel rebecca regina renata renate rita roberta romana romina romy ronja
rosa rosalie rosanna rose rosina roswitha ruth sabina sabine sabrina sally samira sandra sara selena selina selma serena sibylle
sigrid silke silvana silvia simona simone sina sofia sonia sonja sophia sophie stefania stefanie stella stephanie susan susana susanna
susanne svea svenja sylvia tamara tania tanja tara tatiana tatjana tea teresa tessa thea theresa therese tilda tina tonia traude
trude ulla ulrike ursula uta ute valentina valeria valerie vanessa vera verena veronica veronika victoria viktoria viola
violetta viviana vivien wanda wendy wibke wilma xenia yara yasmin yvonne zara zoe zofia zuzanna`)

const MEN = toNames(`
aaron abel achim adam adrian adriano albert alberto albin alejandro alessandro alessio alex alexander alexandre alfons alfred
alois alvaro andre andreas andrei andrej andres andrew andrzej angelo anselm anthony anton antonin antonio aris armin arne arno
arnold arthur artur august axel bastian ben benedikt benjamin benno bernd bernhard bert bjorn bodo bogdan boris brian bruno
burkhard carl carlo carlos carsten cedric cem cesar christian christof christoph claudio claus clemens conrad constantin
cornelius cristian curt cyril damian dan daniel daniele danny dario darius david dean denis dennis detlef diego dieter dietmar
dimitri dino dirk domenico dominic dominik donald duncan eberhard edgar edmund eduard eduardo edward edwin egon elias emanuel emil
emilio enrico enzo eric erich erik ernest ernesto ernst erwin eugen eugene evan fabian fabiano fabio fabrice farid felice felix
ferdinand fernando filip filippo finn florian francesco francis francisco franco frank franz fred frederic frederik fridolin
friedrich gabriel gary geert georg george georges gerald gerard gerd gerhard gerrit gianni gilbert gino giorgio giovanni giulio
giuseppe glen gottfried grzegorz gregor gregory guido gunnar gunter gustav guy hannes hanno hans harald hasan heiko heiner heinrich
heinz helge helmut hendrik henri henrik henry herbert hermann holger horst hubert hugo ian ignaz igor immanuel ingo ioan ivan ivo
jacek jack jacob jacques jakob jakub james jan janek janis jannik jari jaroslav jason jasper javier jean jens jeremias jeremy jerome
jerzy jesper jesse jim jiri joachim joao joel johan johann johannes john jon jonas jonathan jordan jorg jorge jorn jose josef
joseph joshua josip juan julian julien julio julius jurgen justin justus kamil karl karol karim karsten kaspar kenneth kevin
kilian klaus klemens knut konrad konstantin kristian krzysztof kurt lars laurent laurenz laurin leander lennart leo leon leonard
leonardo leonhard leopold levi liam linus lion livio lorenz lorenzo lothar louis luc luca lucas lucian luciano lucien ludger
ludwig luigi luis luka lukas lukasz luke maciej maik malte manfred manuel marc marcel marcello marcin marco marcos marcus marek
marian mariano marin marino mario marius mariusz mark marko markus marlon marten martin martino marvin massimo mateusz mathias
mathieu matteo matthew matthias mauricio maurice maurizio mauro max maxim maximilian mehmet melvin michael michal michel mikael
miguel mike milan milos mirco mirko miro miroslav moritz murat nathan neil nevio nicholas nico nicola nicolas niels niklas nikolai nikolas
nils noah noel norbert norman olaf ole oliver olivier omar oscar oskar oswald otto pablo paolo pascal patric patrick paul paulo
pavel pawel pedro per peter petr philip philipp pierre piet pietro piotr quentin quirin rafael raffaele rafal raimund rainer ralf
ralph ramon raoul raphael raul reinhard reinhold rene renato renzo ricardo riccardo richard rico robert roberto rocco roger roland
rolf roman romeo ron ronald ronny rory ross roy ruben rudi rudolf rui rupert ryszard samuel sander sandro saul scott sean
sebastian sergej sergio severin siegbert siegfried sigmund silas silvan silvio simon slawomir soren stanislaw stefan stefano
steffen stephan stephane stephen steve steven sven sylvain tadeusz tarek theo theodor thierry thilo thomas thorben thorsten till
tilman tim timo timon timothy tino tobias tom tomas tomasz tommaso tony torben torsten tristan ugo ulf ulrich umberto urs uwe
valentin valentino valerio veit victor viktor vincent vincenzo vinzenz vito vittorio vladimir volker waldemar walter werner
wilhelm willem william wojciech wolf wolfgang xaver yann yannick yves zbigniew zoltan`)

/** One spelling for what is written in several: Philipp and Filip, Erik and Eric, Hanna and Hannah, Susanna and Susanne. */
const toSpelling = (name: string): string =>
  name
    .replaceAll('ph', 'f')
    .replace(/(?<=.)h/g, '')
    .replace(/ck|c/g, 'k')
    .replace(/[yj]/g, 'i')
    .replace(/(.)\1+/g, '$1')
    .replace(/[ae]$/, '')

const SHORTENED_BY_MIN = 2

/** A name whose letters another one has in their order may be short for it: Max and Maximilian, Gerd and Gerhard. */
function mayShorten(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (long.length - short.length < SHORTENED_BY_MIN) return false
  let found = 0
  for (const letter of long) if (letter === short[found]) found += 1
  return found === short.length
}

/** Whether two folded names that resemble each other are known as the names of two people. */
export function areTwoGivenNames(a: string, b: string): boolean {
  const [woman, otherWoman] = [WOMEN.has(a), WOMEN.has(b)]
  const [man, otherMan] = [MEN.has(a), MEN.has(b)]
  if (!(woman || man) || !(otherWoman || otherMan)) return false
  const isOneSex = (woman && otherWoman) || (man && otherMan)
  return !isOneSex || (toSpelling(a) !== toSpelling(b) && !mayShorten(a, b))
}
