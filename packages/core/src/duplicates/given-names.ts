/** Given names and their short forms: one line per name, the full form first. A short form may belong to several names. */
const lines = `
abigail abby abbie gail
albert al bert bertie
alexander alex al alec sandy sascha sasha xander lex
alexandra alex alexa lexi sandra sasha
alfred alf alfie fred
amanda mandy
andrew andy drew
angela angie
ann anne anna annie nan nancy
anthony tony anton
antonia toni
archibald archie
arthur art artie
barbara barb babs
bartholomew bart
benjamin ben benny benji
bernard bernie
bernhard bernd
bradley brad
calvin cal
cameron cam
catherine katherine kathryn katharina cathy kathy kate katie kat kitty cat kathi
charles charlie chuck chas karl carl
charlotte lottie charlie
christina christine chris tina chrissy kristina kristine
christopher chris kit topher christoph
clifford cliff
cornelius cor
cynthia cindy
daniel dan danny
danielle dani
david dave davey
deborah debra deb debbie
dennis den
dominic dom nic
donald don donny
dorothy dot dottie dolly
douglas doug
edward ed eddie ted ned eduard
edwin ed
eleanor ellie nell nora
elizabeth elisabeth liz lizzie beth betty eliza lisa elsa libby bess lisbeth
emily em emmy
emma em
eugene gene
evelyn eve evie
ferdinand ferdi
florence flo
frances fran
francis frank frankie francisco
frederick fred freddie fritz friedrich
gabriel gabe
gabriella gabi gaby
gareth gaz
geoffrey jeffrey geoff jeff
georgina georgie
gerald gerry jerry
gerhard gerd
giovanni gianni
giuseppe beppe peppe
graham gray
gregory greg
guillermo memo
gustav gus
harold harry hal
harriet hattie
heinrich heinz
helena helen lena
henry harry hank
herbert herb bert
ignacio nacho
isabella isabel bella izzy
jacob jake jakob
jacqueline jackie
james jim jimmy jamie
jane janey
janet jan
jason jay
jennifer jen jenny jenn
jessica jess jessie
johannes hannes hans
john johnny jack jon
jonathan jon jonny johnathan nathan
joseph joe joey josef sepp
josefa pepa
jose pepe
joshua josh
judith judy
julia jules
julian jules
juliana julie
kenneth ken kenny
kimberly kim
laurence lawrence larry laurie lars
leonard leo len lenny
leonardo leo
louis lou louie lewis
louisa lou
lucille lucy
luisa lu
madeline maddie maddy
malcolm mal
manuel manny manu manolo
margaret maggie meg peggy marge margie greta rita gretchen margarethe
maria marie mary mia mitzi
marjorie marge
martha marty
martin marty
matilda tilly mattie
matthew matt matty matthias
maximilian max
maxwell max
melanie mel
melissa mel missy
michael mike mick mickey mikey micha mischa michel
michelle shelly
mildred millie
miranda mandy
mohammed mohamed muhammad mohammad mo
nathaniel nathan nat nate
natalie nat
nicholas nick nicky nico nicolas klaus niklas nikolaus
nicole nicky nikki
oliver ollie olly
olivia liv livvy
oscar ozzie
pamela pam
patricia pat patty trish tricia
patrick pat paddy rick
peter pete
philip phil phillip pip
phillipa pippa philippa
rachel rach
raymond ray
rebecca becky becca
reginald reg reggie
richard rick ricky dick rich richie
robert rob bob bobby robbie bert roberto
roderick rod
rodney rod
ronald ron ronnie
rosemary rosie rose
rudolf rudi
russell russ
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sara sally sadie
sebastian seb basti
sophia sophie sofia sofie
stanley stan
stephanie steph steffi
stephen steven steve stefan stephan
susan suzanne sue susie suzie susanna
sydney syd
sylvester sly
terence terry
teresa theresa terry tess tessa
theodore theo ted teddy
thomas tom tommy
timothy tim timmy
tobias toby tobi
valentina val
valerie val
veronica ronnie
victor vic
victoria vicky tori vic
vincent vince vinny
virginia ginny
walter walt wally
wilhelm willi willy
wilfred wilf
william will bill billy liam willie guillaume
winifred winnie
yevgeny zhenya
zachary zach zack zak
`

/** Short form → every name that it may abbreviate. */
const formsOf = new Map<string, string[]>()
for (const line of lines.trim().split('\n')) {
  const forms = line.split(' ')
  const full = forms[0] as string
  for (const form of forms) formsOf.set(form, [...(formsOf.get(form) ?? []), full])
}

const NONE: readonly string[] = []

/** The full names that a given name may be a form of; empty for a name without short forms. */
export const toFullForms = (name: string): readonly string[] => formsOf.get(name) ?? NONE

/** One name for all forms, for match keys: an ambiguous short form stays as it is. */
export function toFormalName(name: string): string {
  const forms = toFullForms(name)
  return forms.length === 1 ? (forms[0] as string) : name
}
