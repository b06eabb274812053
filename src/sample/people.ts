// Who the customers are: names that say nothing of gender to the product, languages, places, and the ways
// they are known by, as messy as in life. Addresses end in .example and phone numbers are in a range that
// no network uses, so that nobody real can be reached.
import type { Random } from './random.ts'

export type Language = 'en' | 'de' | 'nl' | 'fr'
export type Region = 'north' | 'south' | 'west'

export interface Person {
  /** Number in the sample, from 0. */
  index: number
  name: string
  language: Language
  region: Region
  town: string
  userId: string
  /** Number of the person's mailbox: unique. */
  email: string
  phone: string
  anonymousIds: string[]
}

const given =
  'Miriam Pavel Ines Tom Hendrik Amara Rosa Jonas Elena Malik Noor Sven Katrin Luca Femke Aurélie Mathis Olga Ravi Yusuf Lea Bo Kim Sascha Robin Andrea Dominique Claude Toni Jule Marek Ada Nils Ylva Bram Saskia Émile Inès Piet Antje Dirk Fatma Goran Hanna Ivo Jelena Kai Leonie Mara Nico Orla Petra Quentin Renske Sami Tilda Ulrike Vera Willem Xenia Yara Zoë Anouk Bastian Carla Dmitri Eva Farid Greta Hugo Ida Jasper Klara Lars Merle Nadia Oskar Paula Rik Selma Thijs Una Viktor Wiebke Youssef Zeynep'.split(
    ' ',
  )
const family =
  'Castellanos Horák Adler Wit Obi Lindqvist Brandt Petersen Janssen Moreau Okafor Hansen Nowak Yılmaz Keller Vogel Bakker Dubois Santos Krüger Novák Larsen Visser Lambert Weiß Schäfer Demir Popescu Rossi Kowalski Meyer Hoffmann Bergmann Dijkstra Lefèvre Fontaine Öztürk Schulz Lange Peters Jansen Mulder Roux Girard Haddad Singh Nguyen Tanaka Fischer Wagner Becker Richter Klein Wolf Neumann Schwarz Zimmermann Braun Hofmann Schmitt Hartmann Werner Krause Lehmann Köhler Maier König Huber Kaiser Fuchs Peeters Maes Claes Willems Boer Vries Dekker Smit Bos Vos Meijer Blanc Garnier Faure Rousseau Henry Nicolas Perrin Morin Mathieu Clément Gauthier Dumont Novotny Svoboda Dvořák Jensen Nielsen Andersen Eriksen Solberg Berg Dahl Lund Holm Aalto Virtanen Mäkinen'.split(
    ' ',
  )
const towns: Record<Region, string[]> = {
  north: ['Hamburg', 'Lübeck', 'Bremen', 'Kiel', 'Flensburg', 'Rostock', 'Lüneburg'],
  south: ['München', 'Augsburg', 'Ulm', 'Freiburg', 'Nürnberg', 'Basel'],
  west: ['Köln', 'Düsseldorf', 'Aachen', 'Venlo', 'Maastricht', 'Liège', 'Münster'],
}
const mailboxes = ['post.example', 'mail.example', 'web.example', 'inbox.example', 'brief.example']
const studios =
  'Studio Atelier Praxis Kanzlei Hotel Café Agentur Büro Haus Werkstatt Schule Galerie Kita Verlag'.split(' ')

export function person(random: Random, index: number): Person {
  const name = `${random.pick(given)} ${random.pick(family)}`
  const region = random.weighted<Region>([
    { item: 'north', share: 0.42 },
    { item: 'south', share: 0.28 },
    { item: 'west', share: 0.3 },
  ])
  const language = random.weighted<Language>([
    { item: 'en', share: 0.46 },
    { item: 'de', share: 0.36 },
    { item: 'nl', share: 0.1 },
    { item: 'fr', share: 0.08 },
  ])
  return {
    index,
    name,
    language,
    region,
    town: random.pick(towns[region]),
    userId: `ho-${100_000 + index}`,
    email: `${plain(name)}.${index}@${random.pick(mailboxes)}`,
    phone: phone(index),
    anonymousIds: Array.from({ length: random.chance(0.3) ? 2 : 1 }, (_, n) => browser(random, index, n)),
  }
}

export function companyName(random: Random): string {
  return `${random.pick(studios)} ${random.pick(family)}`
}

/** The person's number as one of the ways people write it down. */
export function writtenPhone(random: Random, phone: string): string {
  const national = phone.slice(3)
  return random.pick([
    phone,
    `0${national}`,
    `0${national.slice(0, 3)} ${national.slice(3)}`,
    `+49 ${national.slice(0, 3)} / ${national.slice(3, 7)} ${national.slice(7)}`,
    `0049-${national.slice(0, 3)}-${national.slice(3)}`,
  ])
}

/** An address as typed: now and then in capitals or with a blank behind it. */
export function writtenEmail(random: Random, email: string): string {
  if (random.chance(0.04)) return email.toUpperCase()
  return random.chance(0.03) ? `${email} ` : email
}

/** The same person's other address (private and at work). */
export function secondEmail(person: Person): string {
  return `${plain(person.name).replace('.', '')}${person.index}@work.example`
}

function phone(index: number): string {
  return `+49150${String(23_456_789 + index * 37).padStart(8, '0')}`
}

function browser(random: Random, index: number, n: number): string {
  return `b-${index.toString(36)}-${n}-${Math.floor(random.next() * 1e9).toString(36)}`
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replace(/[^a-z ]/g, '')
    .replaceAll(' ', '.')
}
