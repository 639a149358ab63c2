const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Free mailboxes and those of internet providers: an address there does not reveal the company. */
export const FREE_MAIL = list(`
  gmail.com googlemail.com yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.co.in yahoo.fr yahoo.de yahoo.it yahoo.es
  yahoo.com.br yahoo.com.ar yahoo.com.mx yahoo.com.au yahoo.ca yahoo.co.jp yahoo.in hotmail.com hotmail.co.uk hotmail.fr
  hotmail.de hotmail.it hotmail.es hotmail.be hotmail.nl hotmail.se hotmail.ca hotmail.com.br hotmail.com.ar outlook.com
  outlook.de outlook.fr outlook.es outlook.it outlook.com.br outlook.in live.com live.co.uk live.fr live.de live.it live.nl
  live.ca live.com.au msn.com passport.com aol.com aol.de aol.co.uk aim.com icloud.com me.com mac.com gmx.de gmx.net gmx.at
  gmx.ch gmx.com gmx.fr web.de t-online.de freenet.de arcor.de mail.de posteo.de mailbox.org email.de online.de vodafone.de
  orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr libero.it virgilio.it tiscali.it alice.it
  tin.it inwind.it fastwebnet.it aruba.it pec.it tim.it telefonica.net terra.es terra.com.br uol.com.br bol.com.br ig.com.br
  globo.com mail.ru yandex.ru yandex.com ya.ru bk.ru list.ru inbox.ru rambler.ru ukr.net i.ua seznam.cz email.cz centrum.cz
  atlas.cz post.cz wp.pl o2.pl onet.pl interia.pl op.pl gazeta.pl protonmail.com proton.me pm.me tutanota.com tuta.io
  zoho.com zohomail.com mail.com email.com usa.com inbox.com fastmail.com fastmail.fm hushmail.com hey.com qq.com 163.com
  126.com sina.com sina.cn foxmail.com yeah.net sohu.com naver.com daum.net hanmail.net nate.com rediffmail.com
  comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net frontier.com
  roadrunner.com juno.com netzero.net windstream.net btinternet.com btopenworld.com sky.com virginmedia.com talktalk.net
  ntlworld.com blueyonder.co.uk bigpond.com bigpond.net.au optusnet.com.au iinet.net.au telus.net shaw.ca rogers.com
  sympatico.ca videotron.ca bluewin.ch hispeed.ch sunrise.ch telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl home.nl
  hetnet.nl chello.nl xs4all.nl upcmail.nl aon.at chello.at bk.ru abv.bg mail.bg freemail.hu citromail.hu sapo.pt
  otenet.gr walla.co.il netvision.net.il mynet.com turk.net
`)

/** Social networks, messengers, link pages, shorteners, maps and app stores. Other companies only have pages there. */
export const SHARED_DOMAINS = list(`
  facebook.com fb.com fb.me messenger.com instagram.com instagr.am threads.net threads.com linkedin.com lnkd.in twitter.com
  x.com t.co youtube.com youtu.be tiktok.com pinterest.com pinterest.de pinterest.fr pinterest.co.uk pin.it snapchat.com
  whatsapp.com wa.me telegram.me t.me discord.com discord.gg reddit.com tumblr.com vk.com ok.ru xing.com weibo.com
  line.me flickr.com vimeo.com twitch.tv soundcloud.com spotify.com medium.com substack.com quora.com behance.net
  dribbble.com linktr.ee linkin.bio bio.link beacons.ai beacons.page taplink.cc lnk.bio campsite.bio allmylinks.com
  solo.to carrd.co about.me msha.ke milkshake.app linkpop.com bit.ly bitly.com tinyurl.com goo.gl ow.ly rb.gy cutt.ly
  is.gd buff.ly rebrand.ly shorturl.at short.io t.ly tiny.cc s.id g.page g.co maps.app.goo.gl bing.com duckduckgo.com
  calendly.com forms.gle typeform.com onelink.me app.link page.link
`)

/** Of these, hosts of short links. They name no page. */
export const SHORTENERS = list(`
  t.co lnkd.in bit.ly bitly.com tinyurl.com goo.gl ow.ly rb.gy cutt.ly is.gd buff.ly rebrand.ly shorturl.at short.io t.ly
  tiny.cc s.id g.co fb.me youtu.be pin.it wa.me t.me onelink.me app.link page.link forms.gle
`)

/** Site builders, shop platforms and hosts whose customers have a subdomain or a path on the builder's domain. */
export const SITE_BUILDERS = list(`
  business.site negocio.site wixsite.com wix.com weebly.com squarespace.com wordpress.com blogspot.com blogger.com
  godaddysites.com godaddy.com jimdo.com jimdofree.com jimdosite.com webnode.com webnode.page webnode.cz webnode.fr
  webnode.it tilda.ws tilda.cc webflow.io myshopify.com shopify.com strikingly.com site123.me ueniweb.com yolasite.com
  webs.com webador.com webador.de webador.fr webador.it webador.co.uk eatbu.com square.site squareup.com big-cartel.com
  bigcartel.com github.io netlify.app vercel.app herokuapp.com pages.dev web.app firebaseapp.com notion.site notion.so
  canva.site my.canva.site framer.website framer.app googlepages.com altervista.org e-monsite.com over-blog.com
  one.com simplesite.com 000webhostapp.com vistaprint.com vpweb.com homestead.com mystrikingly.com durable.co
  lovable.app replit.app glitch.me surge.sh azurewebsites.net cloudfront.net amazonaws.com hubspotpages.com
  google.com sites.google.com docs.google.com drive.google.com play.google.com apps.apple.com onedrive.live.com
`)

/** Directories, marketplaces, booking and job sites. A page there describes a company, but belongs to the site. */
export const DIRECTORIES = list(`
  yelp.com yelp.de yelp.fr yelp.it yelp.co.uk yelp.ca tripadvisor.com tripadvisor.co.uk tripadvisor.de tripadvisor.fr
  tripadvisor.it tripadvisor.es yellowpages.com yellowpages.ca yellowpages.com.au yell.com pagesjaunes.fr gelbeseiten.de
  11880.com dasoertliche.de dastelefonbuch.de meinestadt.de paginasamarillas.es paginegialle.it paginebianche.it local.ch
  search.ch herold.at cylex.de cylex-uk.co.uk hotfrog.com foursquare.com trustpilot.com trustradius.com g2.com capterra.com
  getapp.com softwareadvice.com clutch.co goodfirms.co crunchbase.com pitchbook.com zoominfo.com apollo.io rocketreach.co
  owler.com dnb.com bloomberg.com kompass.com europages.com europages.de wlw.de thomasnet.com manta.com bbb.org
  angi.com angieslist.com homeadvisor.com thumbtack.com houzz.com houzz.de bark.com checkatrade.com zillow.com realtor.com
  redfin.com trulia.com rightmove.co.uk zoopla.co.uk immobilienscout24.de booking.com expedia.com hotels.com airbnb.com
  vrbo.com agoda.com opentable.com thefork.com resy.com exploretock.com grubhub.com doordash.com ubereats.com
  deliveroo.co.uk lieferando.de just-eat.co.uk zomato.com swiggy.com justdial.com indiamart.com sulekha.com alibaba.com
  amazon.com amazon.de amazon.co.uk ebay.com ebay.de etsy.com indeed.com glassdoor.com monster.com stepstone.de
  ziprecruiter.com welcometothejungle.com wellfound.com angel.co ycombinator.com producthunt.com doctolib.fr doctolib.de
  jameda.de healthgrades.com zocdoc.com vitals.com avvo.com justia.com findlaw.com lawyers.com eventbrite.com meetup.com
  groupon.com treatwell.co.uk treatwell.de fresha.com booksy.com planity.com mindbodyonline.com vagaro.com setmore.com
  northdata.de companieshouse.gov.uk opencorporates.com societe.com pappers.fr bundesanzeiger.de wikipedia.org wikidata.org
  imdb.com autotrader.com autotrader.co.uk cars.com mobile.de autoscout24.de nextdoor.com mapquest.com waze.com
  linkedin.cn upwork.com fiverr.com freelancer.com greenhouse.io lever.co workable.com bamboohr.com smartrecruiters.com
  myworkdayjobs.com personio.de recruitee.com teamtailor.com ashbyhq.com
`)

let sites: Map<string, string> | undefined

/** Returns the host of a known directory or network by its name (`clutch` → `clutch.co`), or null. Built at first use. */
export function findSiteHost(name: string): string | null {
  if (sites === undefined) {
    sites = new Map()
    for (const domain of [...DIRECTORIES, ...SHARED_DOMAINS]) {
      const label = domain.slice(0, domain.indexOf('.'))
      if (!sites.has(label)) sites.set(label, domain)
    }
  }
  return sites.get(name) ?? null
}
