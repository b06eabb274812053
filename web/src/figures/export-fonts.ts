// The letters of an exported figure travel with it: a picture elsewhere has no web fonts, and other letters have
// other widths. Only the parts of a typeface that the text needs are taken.

const families = ['Inter Variable', 'Source Serif 4 Variable']

/** @font-face rules with the font files inside, for the characters of `text`. Fonts that can't be read are left out. */
export async function fontFaces(text: string): Promise<string> {
  const characters = [...new Set(text)].map((character) => character.codePointAt(0) ?? 0)
  const faces = [...document.styleSheets]
    .flatMap((sheet) => [...rulesOf(sheet)].map((rule) => ({ rule, base: sheet.href ?? document.baseURI })))
    .flatMap(({ rule, base }) => {
      if (!(rule instanceof CSSFontFaceRule)) return []
      const family = rule.style.getPropertyValue('font-family').replaceAll(/["']/g, '')
      const italic = rule.style.getPropertyValue('font-style') === 'italic'
      const url = /url\(["']?([^"')]+)/.exec(rule.style.getPropertyValue('src'))?.[1]
      if (!url || italic || !families.includes(family)) return []
      if (!covers(rule.style.getPropertyValue('unicode-range'), characters)) return []
      return [{ family, url: new URL(url, base).href, weight: rule.style.getPropertyValue('font-weight') }]
    })
  const inside = await Promise.all(
    faces.map(async ({ family, url, weight }) => {
      const data = await read(url).catch(() => null)
      return data
        ? `@font-face{font-family:"${family}";font-weight:${weight || 'normal'};src:url(${data}) format("woff2")}`
        : ''
    }),
  )
  return inside.join('')
}

function rulesOf(sheet: CSSStyleSheet): CSSRuleList | CSSRule[] {
  try {
    return sheet.cssRules
  } catch {
    return [] // of another origin: an extension of the browser
  }
}

async function read(url: string): Promise<string> {
  const blob = await (await fetch(url)).blob()
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '')
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}

/** "U+0-FF, U+131": whether any of the characters lies in it. */
function covers(range: string, characters: number[]): boolean {
  if (!range) return true
  return range.split(',').some((part) => {
    const [, from = '', to = from] = /U\+([0-9a-f?]+)(?:-([0-9a-f]+))?/i.exec(part.trim()) ?? []
    const low = Number.parseInt(from.replaceAll('?', '0'), 16)
    const high = Number.parseInt(to.replaceAll('?', 'F'), 16)
    return characters.some((character) => character >= low && character <= high)
  })
}
