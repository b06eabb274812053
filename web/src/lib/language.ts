/** A language that texts and numbers can be written in: some browsers name one that is no language tag ("en-US@posix"). */
export function languageOf(tag: string | undefined, otherwise = 'en-GB'): string {
  try {
    return Intl.getCanonicalLocales(tag ?? otherwise)[0] ?? otherwise
  } catch {
    return otherwise
  }
}
