/** What a generator needs to know of a city. `phone` is the number after the country code, as `Dice.fill` reads it. */
export interface City {
  city: string
  state: string | null
  postal: string
  phone: string
  lat: number
  lng: number
}

export interface Country {
  name: string
  code: string
  dial: string
  /** How people of the country write a number at home, from the part after the country code. */
  national(rest: string): string
  tlds: readonly string[]
  language: Language
  cities: readonly City[]
  first_names: readonly string[]
  last_names: readonly string[]
  streets: readonly string[]
}

export type Language = 'en' | 'de' | 'fr' | 'es' | 'it' | 'pt' | 'cs'

function city(name: string, state: string | null, postal: string, phone: string, lat: number, lng: number): City {
  return { city: name, state, postal, phone, lat, lng }
}

const withZero = (rest: string): string => `0${rest}`
const asIs = (rest: string): string => rest
const american = (rest: string): string => `(${rest.slice(0, 3)}) ${rest.slice(4)}`

/** A spread of alphabets, address forms and phone forms; the names are the commonest of each country. */
export const COUNTRIES: readonly Country[] = [
  {
    name: 'United States',
    code: 'US',
    dial: '1',
    national: american,
    tlds: ['com', 'com', 'net', 'co'],
    language: 'en',
    cities: [
      city('Austin', 'Texas', '787##', '512-N4N-####', 30.267, -97.743),
      city('Chicago', 'Illinois', '606##', '312-N4N-####', 41.878, -87.63),
      city('Denver', 'Colorado', '802##', '303-N4N-####', 39.739, -104.99),
      city('New York', 'New York', '100##', '212-N4N-####', 40.713, -74.006),
      city('Portland', 'Oregon', '972##', '503-N4N-####', 45.515, -122.678),
    ],
    first_names: ['James', 'Maria', 'Robert', 'Linda', 'Michael', 'Jennifer', 'David', 'Elizabeth', 'Andre', 'Keisha'],
    last_names: ['Smith', 'Johnson', 'Williams', 'Brown', 'Garcia', 'Miller', 'Davis', "O'Connor", 'Nguyen', 'Walker'],
    streets: ['Main St', 'Oak Ave', 'Maple Dr', 'Cedar Ln', 'Washington Blvd', 'Lakeview Rd'],
  },
  {
    name: 'United Kingdom',
    code: 'GB',
    dial: '44',
    national: withZero,
    tlds: ['co.uk', 'co.uk', 'com', 'org.uk'],
    language: 'en',
    cities: [
      city('London', 'England', 'SW# #AA', '20 7N## ####', 51.507, -0.128),
      city('Manchester', 'England', 'M## #AA', '161 N## ####', 53.481, -2.242),
      city('Edinburgh', 'Scotland', 'EH## #AA', '131 N## ####', 55.953, -3.188),
      city('Cardiff', 'Wales', 'CF## #AA', '29 20N# ####', 51.482, -3.179),
    ],
    first_names: ['Oliver', 'Amelia', 'George', 'Isla', 'Harry', 'Poppy', 'Alistair', 'Fiona', 'Priya', 'Rhys'],
    last_names: ['Taylor', 'Davies', 'Evans', 'Thomas', 'Roberts', 'Wright', 'MacDonald', 'Patel', 'Hughes', 'Clarke'],
    streets: ['High Street', 'Station Road', 'Church Lane', 'Victoria Road', 'Mill Lane'],
  },
  {
    name: 'Germany',
    code: 'DE',
    dial: '49',
    national: withZero,
    tlds: ['de', 'de', 'com', 'eu'],
    language: 'de',
    cities: [
      city('Berlin', 'Berlin', '101##', '30 N#######', 52.52, 13.405),
      city('München', 'Bayern', '803##', '89 N#######', 48.137, 11.575),
      city('Hamburg', 'Hamburg', '200##', '40 N#######', 53.551, 9.994),
      city('Köln', 'Nordrhein-Westfalen', '506##', '221 N######', 50.938, 6.96),
    ],
    first_names: ['Jürgen', 'Anna', 'Lukas', 'Katharina', 'Björn', 'Sabine', 'Felix', 'Ayşe', 'Wolfgang', 'Lena'],
    last_names: ['Müller', 'Schmidt', 'Schneider', 'Fischer', 'Weiß', 'Yılmaz', 'Wagner', 'Becker', 'Schäfer', 'Koch'],
    streets: ['Hauptstraße', 'Bahnhofstraße', 'Gartenweg', 'Lindenallee', 'Schillerplatz'],
  },
  {
    name: 'France',
    code: 'FR',
    dial: '33',
    national: withZero,
    tlds: ['fr', 'fr', 'com', 'paris'],
    language: 'fr',
    cities: [
      city('Paris', 'Île-de-France', '7501#', '1 N# ## ## ##', 48.857, 2.352),
      city('Lyon', 'Auvergne-Rhône-Alpes', '6900#', '4 N# ## ## ##', 45.764, 4.836),
      city('Marseille', "Provence-Alpes-Côte d'Azur", '1300#', '4 N# ## ## ##', 43.297, 5.37),
    ],
    first_names: ['Chloé', 'Jérôme', 'Léa', 'François', 'Inès', 'Théo', 'Amélie', 'Benoît', 'Zoé', 'Hugo'],
    last_names: ['Martin', 'Bernard', 'Dubois', 'Lefèvre', 'Moreau', 'Fournier', 'Girard', 'Haddad', 'Mercier', 'Roux'],
    streets: ['Rue de la République', 'Avenue Victor Hugo', 'Rue des Lilas', 'Place du Marché', 'Boulevard Voltaire'],
  },
  {
    name: 'Spain',
    code: 'ES',
    dial: '34',
    national: asIs,
    tlds: ['es', 'es', 'com', 'cat'],
    language: 'es',
    cities: [
      city('Madrid', 'Comunidad de Madrid', '280##', '91N ### ###', 40.417, -3.704),
      city('Barcelona', 'Cataluña', '080##', '93N ### ###', 41.385, 2.173),
      city('Sevilla', 'Andalucía', '410##', '954 N## ###', 37.389, -5.984),
    ],
    first_names: ['Sofía', 'Mateo', 'Lucía', 'Álvaro', 'Martina', 'Íñigo', 'Carmen', 'José', 'Begoña', 'Pablo'],
    last_names: ['García', 'Fernández', 'López', 'Martínez', 'Sánchez', 'Gómez', 'Ruiz', 'Núñez', 'Ibáñez', 'Vidal'],
    streets: ['Calle Mayor', 'Avenida de la Constitución', 'Calle del Sol', 'Plaza España', 'Paseo de Gracia'],
  },
  {
    name: 'Italy',
    code: 'IT',
    dial: '39',
    national: asIs,
    tlds: ['it', 'it', 'com', 'eu'],
    language: 'it',
    cities: [
      city('Roma', 'Lazio', '001##', '06 N######', 41.903, 12.496),
      city('Milano', 'Lombardia', '201##', '02 N######', 45.464, 9.19),
      city('Napoli', 'Campania', '801##', '081 N#####', 40.852, 14.268),
    ],
    first_names: [
      'Giulia',
      'Lorenzo',
      'Alessandra',
      'Matteo',
      'Niccolò',
      'Chiara',
      'Davide',
      'Elena',
      'Pietro',
      'Noemi',
    ],
    last_names: ['Rossi', 'Russo', 'Ferrari', 'Esposito', 'Bianchi', "D'Angelo", 'Ricci', 'Marino', 'Conti', 'Gallo'],
    streets: ['Via Roma', 'Corso Italia', 'Via Garibaldi', 'Piazza Dante', 'Viale Europa'],
  },
  {
    name: 'India',
    code: 'IN',
    dial: '91',
    national: withZero,
    tlds: ['in', 'co.in', 'com', 'com'],
    language: 'en',
    cities: [
      city('Bengaluru', 'Karnataka', '5600##', '98N## #####', 12.972, 77.594),
      city('Mumbai', 'Maharashtra', '4000##', '98N## #####', 19.076, 72.877),
      city('Chennai', 'Tamil Nadu', '6000##', '98N## #####', 13.083, 80.27),
    ],
    first_names: ['Aarav', 'Ananya', 'Vikram', 'Divya', 'Rohan', 'Meera', 'Sanjay', 'Lakshmi', 'Imran', 'Kavya'],
    last_names: ['Sharma', 'Patel', 'Iyer', 'Reddy', 'Gupta', 'Khan', 'Nair', 'Das', 'Mehta', 'Rao'],
    streets: ['MG Road', 'Brigade Road', 'Linking Road', 'Anna Salai', 'Station Road'],
  },
  {
    name: 'Brazil',
    code: 'BR',
    dial: '55',
    national: withZero,
    tlds: ['com.br', 'com.br', 'com', 'net.br'],
    language: 'pt',
    cities: [
      city('São Paulo', 'São Paulo', '01###-###', '11 3N##-####', -23.551, -46.633),
      city('Rio de Janeiro', 'Rio de Janeiro', '20###-###', '21 3N##-####', -22.907, -43.173),
      city('Curitiba', 'Paraná', '80###-###', '41 3N##-####', -25.429, -49.271),
    ],
    first_names: ['João', 'Ana', 'Gabriel', 'Beatriz', 'Thiago', 'Letícia', 'Antônio', 'Camila', 'Luís', 'Conceição'],
    last_names: [
      'Silva',
      'Santos',
      'Oliveira',
      'Souza',
      'Araújo',
      'Gonçalves',
      'Ribeiro',
      'Magalhães',
      'Rocha',
      'Dias',
    ],
    streets: ['Rua das Flores', 'Avenida Paulista', 'Rua XV de Novembro', 'Travessa da Luz'],
  },
  {
    name: 'Czechia',
    code: 'CZ',
    dial: '420',
    national: asIs,
    tlds: ['cz', 'cz', 'com', 'eu'],
    language: 'cs',
    cities: [
      city('Praha', null, '1#0 00', '22N ### ###', 50.088, 14.42),
      city('Brno', 'Jihomoravský kraj', '6#2 00', '54N ### ###', 49.195, 16.608),
    ],
    first_names: ['Jiří', 'Tereza', 'Tomáš', 'Kateřina', 'Ondřej', 'Eliška', 'Václav', 'Zdeňka', 'Petr', 'Lucie'],
    last_names: ['Novák', 'Svobodová', 'Dvořák', 'Černý', 'Procházka', 'Kučera', 'Horáková', 'Němec', 'Růžička'],
    streets: ['Hlavní', 'Nádražní', 'Masarykova', 'Na Vyhlídce', 'Zahradní'],
  },
  {
    name: 'Australia',
    code: 'AU',
    dial: '61',
    national: withZero,
    tlds: ['com.au', 'com.au', 'com', 'net.au'],
    language: 'en',
    cities: [
      city('Sydney', 'New South Wales', '20##', '2 9N## ####', -33.869, 151.209),
      city('Melbourne', 'Victoria', '30##', '3 9N## ####', -37.814, 144.963),
    ],
    first_names: ['Lachlan', 'Charlotte', 'Cooper', 'Matilda', 'Mei', 'Angus', 'Ruby', 'Bruce', 'Tahlia', 'Jarrah'],
    last_names: ['Kelly', 'Ryan', 'Campbell', 'Chen', 'Murphy', 'Robinson', 'Singh', 'Harris', 'White', 'Lee'],
    streets: ['George Street', 'Elizabeth Street', 'Beach Road', 'Railway Parade', 'King Street'],
  },
]

/** Latin letters without marks, lower case, words joined by `glue`: the form of domains and profile addresses. */
export function slug(text: string, glue: string): string {
  return text
    .replace(/ß/g, 'ss')
    .replace(/ı/g, 'i')
    .normalize('NFD')
    .replace(/[\u0300-\u036f'’.]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, glue)
    .replace(/^-+|-+$/g, '')
}
