import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import type { Identity, IdentityKind } from './schema.ts'

/**
 * Says what an identity is in its one normal form, or why it is none.
 * @param country ISO 3166 code that phone numbers without a country prefix are read in
 */
export function normaliseIdentity(
  kind: IdentityKind,
  raw: string,
  options: { source?: string; country?: string } = {},
): Identity | { refused: string } {
  const text = raw.normalize('NFKC').trim()
  const source = kind === 'external' ? (options.source ?? '').trim().toLowerCase() : ''
  if (text.length > 320) return { refused: 'longer than 320 characters' }
  if (looksLikeNothing(text)) return { refused: `"${raw.slice(0, 40)}" stands for no value` }
  switch (kind) {
    case 'email':
      return normaliseEmail(text)
    case 'phone':
      return normalisePhone(text, options.country ?? 'DE')
    case 'user_id':
    case 'external':
    case 'order':
    case 'anonymous_id':
      return { kind, source, value: text }
    default:
      return kind satisfies never
  }
}

function normaliseEmail(text: string): Identity | { refused: string } {
  const value = text
    .replace(/^mailto:/i, '')
    .replace(/^<|>$/g, '')
    .toLowerCase()
  if (!/^[^\s@"<>,;]+@[^\s@"<>,;]+\.[^\s@"<>,;.]{2,}$/u.test(value))
    return { refused: `"${text.slice(0, 60)}" is not an email address` }
  const [mailbox = ''] = value.split('@')
  if (sharedMailboxes.has(mailbox.replace(/[.\d_-]+$/, '')))
    return { refused: `${value} looks like a mailbox that several people share` }
  if (
    /@(example|test|invalid)\.|@(example|test|invalid|localhost)$/.test(value) &&
    /^(test|foo|bar|asdf|a|x)@/.test(value)
  )
    return { refused: `${value} is a placeholder` }
  return { kind: 'email', source: '', value }
}

function normalisePhone(text: string, country: string): Identity | { refused: string } {
  const parsed = parsePhoneNumberFromString(
    text,
    isSupportedCountry(country) ? (country satisfies string as CountryCode) : 'DE',
  )
  if (!parsed?.isValid()) return { refused: `"${text.slice(0, 40)}" is not a phone number in ${country}` }
  if (/(\d)\1{6}/.test(parsed.nationalNumber)) return { refused: `${parsed.number} is a placeholder` }
  return { kind: 'phone', source: '', value: parsed.number }
}

/** Values that systems write when they mean "none": they would join everybody with nobody. */
export function looksLikeNothing(text: string): boolean {
  if (text === '') return true
  const lower = text.toLowerCase()
  return (
    nothing.has(lower) || /^[0\s.+-]+$/.test(text) || /^[0-]{8,}$/.test(text) || /^[-_.?/\\#*]+$/.test(text)
  )
}

const nothing = new Set(
  'null,none,nil,undefined,nan,n/a,na,n.a.,unknown,unbekannt,inconnu,desconhecido,guest,anonymous,anonym,test,true,false,[object object],-1,(empty),(none),(null),empty,default,keine,ohne,no email,noemail,no-email,xxx,xxxx'.split(
    ',',
  ),
)

const sharedMailboxes = new Set(
  'info,office,contact,kontakt,hello,hallo,mail,email,sales,support,service,admin,administrator,webmaster,postmaster,noreply,no-reply,donotreply,do-not-reply,accounting,accounts,billing,invoice,invoices,rechnung,buchhaltung,einkauf,purchasing,orders,team,marketing,newsletter,reception,empfang,frontdesk,enquiries,inquiries,help,helpdesk'.split(
    ',',
  ),
)
