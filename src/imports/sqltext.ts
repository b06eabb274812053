// Names, texts and columns as the workbench's SQL writes them.

export type ColumnType = 'text' | 'number' | 'boolean' | 'date' | 'time' | 'instant' | 'json'
export interface StagedColumn {
  name: string
  type: ColumnType
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function typeOf(type: string): ColumnType {
  if (type === 'TIMESTAMP WITH TIME ZONE') return 'instant'
  if (type.startsWith('TIMESTAMP')) return 'time'
  if (type === 'DATE') return 'date'
  if (type === 'BOOLEAN') return 'boolean'
  if (/^(JSON|STRUCT|MAP|UNION)|\[\d*\]$/.test(type)) return 'json'
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|DOUBLE|FLOAT)/.test(type)) return 'number'
  return 'text'
}

/** The expression that writes a column, named as SQL writes it, as text. */
export function asText({ name, type }: StagedColumn): string {
  if (type === 'instant') return `strftime(${name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`
  if (type === 'json') return `to_json(${name})::varchar`
  return `${name}::varchar`
}
