// Words of any language, without a list of languages.

/** Scripts written without spaces between words; only these need the (slow) dictionary segmenter. */
export const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

const spacedWord = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu

/** A new phrase begins after these: no n-gram reaches across. */
const breaks = /[.!?;:,()[\]{}"“”„«»…。！？、，；：\n\r\t|/]+/u

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })

/**
 * The words of a text in lower case (Unicode NFKC), phrase by phrase. Marks and numbers belong to words,
 * punctuation ends a phrase. Words of Chinese, Japanese, Thai and their like are found by ICU's dictionaries.
 */
export function phrasesOf(text: string): string[][] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .split(breaks)
    .map(wordsOf)
    .filter((words) => words.length > 0)
}

function wordsOf(phrase: string): string[] {
  if (!unspaced.test(phrase)) return phrase.match(spacedWord) ?? []
  const words: string[] = []
  for (const { segment, isWordLike } of segmenter.segment(phrase)) if (isWordLike) words.push(segment)
  return words
}
