/** States and provinces by country code. Their names and abbreviations tell a state from a city in an address. */
const SUBDIVISIONS: Record<string, string> = {
  US: `AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|
    FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|
    MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|
    NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|
    PA Pennsylvania|PR Puerto Rico|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|
    VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming`,
  CA: `AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|
    NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon`,
  AU: `NSW New South Wales|VIC Victoria|QLD Queensland|SA South Australia|WA Western Australia|TAS Tasmania|
    ACT Australian Capital Territory|NT Northern Territory`,
  IN: `Andhra Pradesh|Arunachal Pradesh|Assam|Bihar|Chhattisgarh|Goa|Gujarat|Haryana|Himachal Pradesh|Jharkhand|Karnataka|
    Kerala|Madhya Pradesh|Maharashtra|Manipur|Meghalaya|Mizoram|Nagaland|Odisha|Punjab|Rajasthan|Sikkim|Tamil Nadu|Telangana|
    Tripura|Uttar Pradesh|Uttarakhand|West Bengal`,
  // Without those that share their name with their city: Tokyo, Osaka, Seoul, Shanghai, Kuala Lumpur.
  JP: `Hokkaido|Aomori|Iwate|Miyagi|Akita|Yamagata|Fukushima|Ibaraki|Tochigi|Gunma|Saitama|Chiba|Kanagawa|Niigata|Toyama|Ishikawa|
    Fukui|Yamanashi|Nagano|Gifu|Shizuoka|Aichi|Mie|Shiga|Hyogo|Nara|Wakayama|Tottori|Shimane|Okayama|Yamaguchi|Tokushima|Kagawa|
    Ehime|Kochi|Fukuoka|Saga|Kumamoto|Oita|Miyazaki|Kagoshima|Okinawa`,
  MY: `Johor|Kedah|Kelantan|Melaka|Malacca|Negeri Sembilan|Pahang|Perak|Perlis|Pulau Pinang|Penang|Sabah|Sarawak|Selangor|Terengganu|
    Wilayah Persekutuan Kuala Lumpur|Federal Territory of Kuala Lumpur`,
  PH: `Metro Manila|National Capital Region|Cavite|Bulacan|Pampanga|Batangas|Pangasinan|Negros Occidental|Negros Oriental|
    Misamis Oriental|Davao del Sur|Davao del Norte|Nueva Ecija|Camarines Sur|Benguet|Zambales`,
  ID: `Dki Jakarta|Daerah Khusus Ibukota Jakarta|Special Capital Region of Jakarta|Jakarta Raya|Banten|Jawa Barat|West Java|
    Jawa Tengah|Central Java|Jawa Timur|East Java|Daerah Istimewa Yogyakarta|Bali|Sumatera Utara|North Sumatra|Sumatera Barat|
    West Sumatra|Sumatera Selatan|South Sumatra|Sulawesi Selatan|South Sulawesi|Kalimantan Timur|East Kalimantan|Riau|Lampung`,
  KR: `Gyeonggi-do|Gangwon-do|Chungcheongbuk-do|Chungcheongnam-do|Jeollabuk-do|Jeollanam-do|Gyeongsangbuk-do|Gyeongsangnam-do|
    Jeju-do`,
  CN: `Guangdong|Guangdong Province|Zhejiang|Zhejiang Province|Jiangsu|Jiangsu Province|Fujian|Fujian Province|Shandong|
    Shandong Province|Sichuan|Sichuan Province|Hubei|Hubei Province|Hunan|Hunan Province|Henan|Henan Province|Hebei|Hebei Province|
    Liaoning|Shaanxi|Shanxi|Anhui|Anhui Province|Jiangxi|Yunnan|Guangxi|Guizhou|Heilongjiang|Jilin Province`,
  PK: 'Sindh|Khyber Pakhtunkhwa|Balochistan',
  GB: 'England|Scotland|Wales|Northern Ireland',
  DE: `Baden-Württemberg|Bayern|Bavaria|Brandenburg|Hessen|Hesse|Mecklenburg-Vorpommern|Niedersachsen|Lower Saxony|
    Nordrhein-Westfalen|North Rhine-Westphalia|Rheinland-Pfalz|Rhineland-Palatinate|Saarland|Sachsen|Saxony|Sachsen-Anhalt|
    Saxony-Anhalt|Schleswig-Holstein|Thüringen|Thuringia`,
  FR: `Auvergne-Rhône-Alpes|Bourgogne-Franche-Comté|Bretagne|Brittany|Centre-Val de Loire|Corse|Grand Est|Hauts-de-France|
    Île-de-France|Normandie|Normandy|Nouvelle-Aquitaine|Occitanie|Pays de la Loire|Provence-Alpes-Côte d'Azur`,
  IT: `Abruzzo|Basilicata|Calabria|Campania|Emilia-Romagna|Friuli-Venezia Giulia|Lazio|Liguria|Lombardia|Lombardy|Marche|Molise|
    Piemonte|Piedmont|Puglia|Apulia|Sardegna|Sardinia|Sicilia|Sicily|Toscana|Tuscany|Trentino-Alto Adige|Umbria|Valle d'Aosta|
    Veneto`,
  ES: `Andalucía|Andalusia|Aragón|Asturias|Illes Balears|Islas Baleares|Canarias|Cantabria|Castilla y León|Castilla-La Mancha|
    Cataluña|Catalonia|Catalunya|Comunidad de Madrid|Community of Madrid|Comunidad Valenciana|Valencian Community|Extremadura|
    Galicia|La Rioja|Navarra|País Vasco|Basque Country|Región de Murcia`,
  BR: `Acre|Alagoas|Amapá|Bahia|Ceará|Distrito Federal|Espírito Santo|Goiás|Maranhão|Mato Grosso|Mato Grosso do Sul|Minas Gerais|
    Pará|Paraíba|Paraná|Pernambuco|Piauí|Rio Grande do Norte|Rio Grande do Sul|Rondônia|Roraima|Santa Catarina|Sergipe|Tocantins`,
  AT: 'Burgenland|Kärnten|Carinthia|Niederösterreich|Lower Austria|Oberösterreich|Upper Austria|Steiermark|Styria|Tirol|Tyrol|Vorarlberg',
  MX: `Aguascalientes|Baja California|Chiapas|Chihuahua|Coahuila|Durango|Guanajuato|Guerrero|Hidalgo|Jalisco|Michoacán|Morelos|
    Nayarit|Nuevo León|Oaxaca|Querétaro|Quintana Roo|Sinaloa|Sonora|Tabasco|Tamaulipas|Veracruz|Yucatán|Zacatecas`,
}

/** Country code by lower-case name, and by abbreviation. */
const NAMES = new Map<string, string>()
const ABBREVIATIONS = new Map<string, string>()
for (const [country, text] of Object.entries(SUBDIVISIONS)) {
  for (const entry of text.split('|')) {
    const trimmed = entry.trim()
    const [, abbreviation, name] = /^(?:([A-Z]{2,3}) )?(.*)$/s.exec(trimmed) ?? []
    if (abbreviation !== undefined && !ABBREVIATIONS.has(abbreviation)) ABBREVIATIONS.set(abbreviation, country)
    if (name !== undefined && !NAMES.has(name.toLowerCase())) NAMES.set(name.toLowerCase(), country)
  }
}

/** Returns the country whose state or province has this full name (`Illinois` → `US`), or null. */
export function findStateCountryByName(text: string): string | null {
  return NAMES.get(text.trim().toLowerCase()) ?? null
}

/** Returns the country that uses this postal abbreviation (`IL` → `US`, `NSW` → `AU`), or null. Of several, the first. */
export function findStateCountryByAbbreviation(text: string): string | null {
  return ABBREVIATIONS.get(text.trim()) ?? null
}

/**
 * Abbreviations that collide with country codes or with the abbreviations above. They count only where the country is
 * known from elsewhere.
 */
const LOCAL_ABBREVIATIONS: Record<string, ReadonlySet<string>> = {
  BR: new Set('AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO'.split(' ')),
  PK: new Set(['Punjab']),
  IN: new Set(
    'AP AR AS BR CG CH DL GA GJ HP HR JH JK KA KL MH ML MN MP MZ NL OD PB PY RJ SK TN TR TS UK UP WB'.split(' '),
  ),
  IT: new Set(
    `AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CL CN CO CR CS CT CZ EN FC FE FG FI FM FR GE GO GR IM IS
    KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OR PA PC PD PE PG PI PN PO PR PT PU PV PZ RA RC RE RG RI RM RN RO SA SI
    SO SP SR SS SU SV TA TE TN TO TP TR TS TV UD VA VB VC VE VI VR VT VV`.split(/\s+/),
  ),
  CH: new Set('AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH'.split(' ')),
}

/** Returns true if a text is a state, province or canton of the country, by name or abbreviation. */
export function isSubdivisionOf(text: string, country: string): boolean {
  if (LOCAL_ABBREVIATIONS[country]?.has(text) === true) return true
  return findStateCountryByAbbreviation(text) === country || findStateCountryByName(text) === country
}

const US = new Set(
  (SUBDIVISIONS.US ?? '').split('|').flatMap((entry) => {
    const trimmed = entry.trim()
    return [trimmed.slice(0, 2).toLowerCase(), trimmed.slice(3).toLowerCase()]
  }),
)

/** Returns true for a US state by name or postal abbreviation. */
export function isUsState(text: string): boolean {
  return US.has(text.trim().toLowerCase())
}
