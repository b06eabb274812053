import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseDocument } from 'yaml'
import { type FieldError, Invalid } from '../lib/errors.ts'
import { type Recipe, recipeSchema } from './schema.ts'

const longestRecipe = 256 * 1024

/** Reads a recipe's text. @throws Invalid naming every line or field that is wrong */
export function parseRecipe(text: string): Recipe {
  if (text.length > longestRecipe) throw new Invalid('The recipe is longer than 256 KB.')
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true })
  const fault = document.errors[0]
  if (fault) throw new Invalid(`The recipe is not readable as YAML: ${fault.message}`)
  let value: unknown
  try {
    // A recipe needs no aliases; expanding many is a known way to fill a memory.
    value = document.toJS({ maxAliasCount: 20 })
  } catch (error) {
    throw new Invalid(`The recipe is not readable: ${(error as Error).message}`)
  }
  const read = recipeSchema.safeParse(value)
  if (read.success) return read.data
  const errors: FieldError[] = read.error.issues.map((issue) => ({
    field: issue.path.join('.') || 'recipe',
    reason: issue.message,
  }))
  throw new Invalid(
    `The recipe is not right: ${errors.map((error) => `${error.field}: ${error.reason}`).join('; ')}.`,
    errors,
  )
}

const shippedFolder = join(import.meta.dirname, '../../recipes')

/** The recipes that come with Troth, by name. */
export function shippedRecipes(): { name: string; text: string; recipe: Recipe }[] {
  return readdirSync(shippedFolder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(shippedFolder, file), 'utf8')
      return { name: basename(file, '.yaml'), text, recipe: parseRecipe(text) }
    })
}
