// What the sample company's customers say, in their own words. `{a|b}` is one of several, and {name} is
// filled in: a few dozen sentences make some hundred thousand. Long because it is a phrase book.
import type { Language } from './people.ts'
import type { Random } from './random.ts'

export type Topic = keyof typeof phrases

/** Values for the names in braces. */
export interface Slots {
  adviser?: string
  piece?: string
  days?: number
  weeks?: number
  day?: string
}

export function say(random: Random, topic: Topic, language: Language, slots: Slots = {}): string {
  const book: Partial<Record<Language, string[]>> = phrases[topic]
  const sentence = random.pick(book[language] ?? book.en ?? [])
  return capital(fill(random, sentence, slots))
}

function fill(random: Random, sentence: string, slots: Slots): string {
  let text = sentence
  // innermost braces first, so that choices may hold slots
  for (;;) {
    const next = text.replace(/\{([^{}]*)\}/g, (_, inside: string) => {
      const known = slots[inside as keyof Slots]
      if (known !== undefined) return String(known)
      return inside.includes('|') ? random.pick(inside.split('|')) : ''
    })
    if (next === text) break
    text = next
  }
  return one(text.replace(/\s+/g, ' ').trim())
}

/** One day is a day, in four languages. */
function one(text: string): string {
  return text.replace(
    /\b1 (days|Tage|dagen|jours)\b/g,
    (_, days: string) => `1 ${days.replace(/en$|e$|s$/, '')}`,
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const phrases = {
  meetingGood: {
    en: [
      '{adviser} listened. {I knew then.|That decided it.|Nobody else had.|We were done in an hour.}',
      '{adviser} drew our {kitchen|room|dining corner} {on a napkin|by hand|in ten minutes} and {it was right|we saw it at once|that was it}.',
      '{Felt|We felt} {understood|in good hands|taken seriously} {from the first minute|the whole time}{.|. No pushing.|, not sold to.}',
      '{adviser} talked us {out of|away from} the {expensive|bigger|glossy} one. {That|This} is why we {trust|trusted} you.',
      'You remembered {the cat’s name|our daughter’s name|what we said last time}. Who does that?',
    ],
    de: [
      '{adviser} hat {wirklich|einfach} zugehört. {Da wussten wir es.|Das war’s dann.|Sehr angenehm.}',
      'Sehr {gute|ehrliche|ruhige} Beratung, {ohne Druck|man fühlt sich ernst genommen|wir kommen wieder}.',
      '{adviser} hat uns vom teureren {Modell|Holz} abgeraten. {Das schafft Vertrauen.|Chapeau.}',
    ],
    nl: [
      '{adviser} luisterde echt{.|, dat gaf de doorslag.}',
      '{Fijn|Eerlijk|Rustig} advies, geen {gepush|verkooppraat}.',
    ],
    fr: [
      '{adviser} nous a {vraiment écoutés|très bien conseillés}{.|, sans insister.}',
      'Un {vrai|beau} moment, on se sent {compris|en confiance}.',
    ],
  },
  meetingBad: {
    en: [
      '{Waited|We waited} {20|30|40} minutes and then {the meeting was rushed|it took ten}.',
      '{Nice enough|Friendly}, but {adviser} {kept looking at the clock|clearly hadn’t read our notes|only showed what’s in stock}.',
    ],
    de: [
      '{Etwas|Leider} {hektisch|oberflächlich}, {adviser} war {nicht vorbereitet|schon beim nächsten Termin}.',
    ],
  },
  inTime: {
    en: [
      '{On time|Came on the day|There when you said}, {tidy|careful|friendly}, {even levelled the floor|took the packaging along|and the {piece} is beautiful}.',
      'The {piece} is {lovely|beautiful|exactly what we hoped for}, and it came {when it was promised|on the day you named|even earlier than you said}.',
      '{Everything as promised.|Just as agreed.|Said and done.} {The oak smells like a forest.|We sit at it every day.|Friends keep asking where it’s from.|Would do it again.}',
      '{weeks} weeks you said and {weeks} weeks it was. {Rare.|Thank you.|That is all I ask for.}',
      '{Solid|Honest|Beautiful} {work|craft}. {The drawers close like a whisper.|You can feel somebody cared.|Worth every cent.}',
    ],
    de: [
      '{Pünktlich|Wie versprochen|Auf den Tag} geliefert, {sauber aufgebaut|alles bestens|sehr freundlich}. {Danke!|Gerne wieder.|}',
      'Der {piece} ist {wunderschön|genau wie besprochen|jeden Cent wert}. {Gerne wieder.|Wir sind glücklich damit.|}',
      'Gesagt, getan. {Man merkt, dass hier jemand mitdenkt.|So soll es sein.}',
    ],
    nl: [
      '{Netjes op tijd|Precies op de afgesproken dag} {geleverd|gebracht}, {prachtig hout|we zijn er blij mee|aardige mannen}.',
      '{Mooi|Prachtig|Degelijk} {werk|meubel}, {zoals beloofd|precies zoals besproken}.',
    ],
    fr: [
      '{Livré à l’heure|Livré le jour dit}, {très soigné|un travail magnifique|rien à redire}.',
      '{Très beau|Magnifique} meuble, {exactement comme promis|nous sommes ravis}.',
    ],
  },
  lateNotTold: {
    en: [
      'Nobody told me it wouldn’t be {day}. {I took the day off.|I had the old table collected already.|I sat at home all day.}',
      '{days} days late and {not a word|not one call|I had to phone to find out}. {The {piece} is fine. The silence wasn’t.|I won’t do that again.|We ate on the floor.}',
      '{You said|We were told|The order said} {weeks} weeks. {It wasn’t.|Then silence.|Then nothing.} {Had you just rung.|Why say it then?|I feel foolish for believing it.}',
      'Beautiful {piece}, {miserable wait|awful way to get it}. {Why does nobody call?|I called {twice|three times|four times}, each time somebody else.}',
      'I {don’t mind|wouldn’t have minded} waiting, I mind {not knowing|being forgotten|finding out on the day}.',
    ],
    de: [
      'Niemand hat gesagt, dass es {day} nichts wird. {Ich hatte extra Urlaub.|Der alte Tisch war schon weg.}',
      '{days} Tage zu spät und {kein Wort|kein Anruf|man muss selbst hinterhertelefonieren}. {Schade, denn der {piece} ist schön.|So nicht.|}',
      'Zugesagt waren {weeks} Wochen. {Daraus wurde nichts.|Und dann: Funkstille.}',
    ],
    nl: [
      '{days} dagen te laat en {niemand belt|geen enkel bericht}. {Jammer, want het meubel is mooi.|Dit kan echt niet.}',
      'Er was {weeks} weken beloofd. {Daarna bleef het stil.|Ik moest zelf bellen.}',
    ],
    fr: [
      '{days} jours de retard et {pas un mot|personne n’appelle}. {Dommage, le meuble est beau.|Plus jamais.}',
      'On nous avait dit {weeks} semaines. {Puis plus rien.|C’est faux.}',
    ],
  },
  lateTold: {
    en: [
      '{days} days late, but {adviser|you|somebody} rang {before|in good time|the week before}. {Fair enough.|That’s how it should be done.|I could plan.}',
      'It came late. {You told me why|I was told early|I knew}, so {fine|it was half as bad|I moved the fitter}.',
      'Not the day we agreed, {but an honest call|at least no guessing}. The {piece} is {good|lovely}.',
    ],
    de: [
      '{days} Tage später als gedacht, aber {rechtzeitig Bescheid bekommen|man hat angerufen}. {In Ordnung.|So ist das fair.}',
      'Verspätet, {aber ehrlich angekündigt|wir wussten es vorher}.',
    ],
    nl: ['Later dan afgesproken, maar {netjes vooraf gebeld|op tijd gemeld}.'],
    fr: ['En retard, mais {prévenus à temps|on nous a appelés avant}. {Correct.|}'],
  },
  waiting: {
    en: [
      'Still {waiting|nothing|no {piece}}. {weeks} weeks, you said. {Today is {day}.|Hello?|}',
      '{Where is|What about} my {piece}? {Nobody answers.|Paid and forgotten.|Third mail.|The date has passed and nobody says a thing.}',
      'Can’t say how the {piece} is. It {hasn’t come|isn’t here}. {One star for now.|I’d like to be wrong about you.}',
    ],
    de: [
      'Warte immer noch. {Niemand meldet sich.|Zugesagt war längst.|Bezahlt und vergessen.}',
      'Wo bleibt {unser|mein} {piece}? {Keine Antwort auf zwei Mails.|Der Termin ist vorbei.}',
    ],
    nl: ['Nog steeds {niets|geen levering}. {Niemand reageert.|De datum is allang voorbij.}'],
    fr: ['Toujours {rien|pas livré}. {Personne ne répond.|La date est passée.}'],
  },
  assemblyGood: {
    en: [
      '{On time, tidy, even levelled the floor.|Two people, one hour, no dust.|They explained every hinge.|Took their shoes off without being asked.}',
      'The fitters {were a joy|knew what they were doing|stayed until it was right}.',
    ],
    de: ['{Saubere Arbeit, freundliche Leute.|Die Monteure haben sogar gefegt.|Schnell und ordentlich.}'],
    nl: ['{Vlot en netjes gemonteerd.|Vriendelijke monteurs, alles schoon achtergelaten.}'],
    fr: ['{Montage soigné, équipe aimable.|Rapide et propre.}'],
  },
  assemblyBad: {
    en: [
      '{A panel was missing|The wrong hinges|A scratch on the side}, {they’ll be back “some day”|second visit needed|nobody knows when they come again}.',
      'Fitting was {moved twice, no word why|a mess|two hours late}.',
    ],
    de: ['{Eine Schublade klemmt seitdem.|Ein Teil fehlte, jetzt warten wir auf den zweiten Termin.}'],
  },
  support: {
    en: [
      '{The drawer sticks|A drawer sticks|The door hangs low|The top has a crack|One leg wobbles}. {Is that covered?|Can somebody look?|It’s the same one as before.}',
      'It’s the same {drawer|door|hinge}. I don’t want to be a nuisance, but I paid for this.',
      'How do I {oil|clean|care for} the {piece}? {The leaflet doesn’t say.|Red wine…|}',
      '{Can I still change|How do I cancel} the second {chair|cabinet}?',
      'Kind, but I had to explain it all again.',
    ],
    de: [
      '{Eine Schublade klemmt.|Die Tür hängt.|Ein Bein wackelt.} {Ist das Garantie?|Kann jemand kommen?}',
      'Womit {öle|pflege} ich den {piece}?',
    ],
    nl: ['{De lade klemt.|De deur hangt scheef.} {Valt dat onder garantie?|Kan er iemand kijken?}'],
    fr: ['{Le tiroir coince.|La porte ferme mal.} {C’est sous garantie ?|Pouvez-vous passer ?}'],
  },
  complaint: {
    en: [
      '{days} days late. {Who pays for the fitter I had booked?|What are you going to do about it?|I want to know why nobody called.}',
      '{This is the second time I write.|I have called twice.|Nobody has called me back.} {Please just tell me what happens now.|I’d like an answer, not an apology.}',
      'The {piece} has {a scratch|the wrong colour|a dent}. {A replacement was promised.|What now?|}',
    ],
    de: [
      '{days} Tage Verspätung. {Wer zahlt mir den Urlaubstag?|Was bieten Sie an?}',
      'Ich schreibe jetzt {zum zweiten Mal|zum letzten Mal}. {Bitte um Antwort.|}',
    ],
    nl: ['{days} dagen te laat. {Wat doet u daaraan?|Ik wil een antwoord.}'],
    fr: ['{days} jours de retard. {Que proposez-vous ?|J’attends une réponse.}'],
  },
  careCallGood: {
    en: [
      '{Nice that somebody asks.|You’re the first shop that ever rang just to ask.|All good, thank you for calling.} {The drawers took a week to settle.|We oiled it as you said.|}',
    ],
    de: ['{Nett, dass jemand nachfragt.|Alles gut, danke der Nachfrage.}'],
    nl: ['{Fijn dat jullie even bellen.|Alles goed, dank u.}'],
    fr: ['{C’est gentil d’appeler.|Tout va bien, merci.}'],
  },
  choseRightly: {
    en: [
      '{Yes.|Yes, again.|Absolutely.} {We love it.|It will outlive us.|The table is where we live now.|}',
      'Best {decision|purchase} {this year|since the house|in a long time}.',
    ],
    de: ['{Ja, jederzeit wieder.|Ja. Die Qualität stimmt.|Ja, wir freuen uns jeden Tag.}'],
    nl: ['{Ja, zeker.|Ja, we zijn er blij mee.}'],
    fr: ['{Oui, sans hésiter.|Oui, très contents.}'],
  },
  choseWrongly: {
    en: [
      '{Not sure.|Hm.|Honestly, no.} {The piece yes, the way here no.|I’d ask elsewhere next time.|Too much fuss for a table.}',
    ],
    de: ['{Weiß nicht.|Eher nicht.} {Das Möbel ja, der Ablauf nein.|}'],
  },
  referral: {
    en: [
      '{Sent our neighbours to you.|My sister wants the same table.|The whole office asks where it’s from.|Told everybody at the choir.}',
    ],
    de: ['{Unsere Nachbarn kommen auch zu Ihnen.|Habe Sie meiner Schwester empfohlen.}'],
  },
  street: {
    en: [
      '{Walked past|Was in} the showroom in {the harbour|town}. {Lovely oak, proud prices.|They let you sit as long as you like.|Nobody looked up.}',
      '{Ordered for my parents there.|A friend bought there.} {Great wood, slow delivery.|Took forever, but solid.|They called before every step.}',
    ],
    de: ['{Schöner Laden, gute Leute.|Tolles Holz, aber Lieferung dauert.|Preise stolz, Qualität auch.}'],
  },
} satisfies Record<string, { en: string[] } & Partial<Record<Language, string[]>>>
