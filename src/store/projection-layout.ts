import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Raised when the tables change: a file of another layout is thrown away and built anew. */
export const layout = 4

/** Tables that are read from Postgres as they are, into scratch tables of the same name. */
export const scratchTables = {
  read_steps: `customer_id bigint, id bigint, happened bigint, touchpoint_id integer, stage_id integer,
    purchase_id bigint, experience smallint, evidence smallint, judgement boolean, channel integer, sale boolean`,
  read_customers: 'customer_id bigint, kind smallint, state smallint, referred boolean',
  purchases: `customer_id bigint, id bigint, kind smallint, state smallint, value_minor bigint, sold_at bigint,
    delivered_at bigint, renews_at bigint, ended_at bigint, renewals integer`,
  read_expectations: `customer_id bigint, id bigint, rule_id bigint, purchase_id bigint, decided_by bigint,
    state smallint, dimension smallint, ours boolean, awaited boolean, gap double, first_gap double, moves integer,
    told_before boolean, mended boolean, opened_at bigint, first_due_at bigint, due_at bigint, decided_at bigint,
    source integer, came_at bigint, told_at bigint`,
  moves: 'customer_id bigint, expectation_id bigint, happened bigint, due_at bigint',
} as const
export type ScratchTable = keyof typeof scratchTables

/** Small tables that are replaced whole. */
export const wholeTables = {
  touchpoints: `id integer, stage_id integer, place integer, side smallint, by_us boolean, caring boolean,
    asking boolean, sale boolean, purpose smallint`,
  segment_members: 'segment_id bigint, customer_id bigint',
} as const
export type WholeTable = keyof typeof wholeTables

/** Tables kept customer by customer, in the order in which they are worked out from the scratch tables. */
export const customerTables = ['purchases', 'moves', 'sales', 'customers', 'expectations', 'steps'] as const

/** The projection's tables, in the database `schema` of the engine. */
export function createTables(schema: string): string {
  return `
    create table ${schema}.meta (layout integer, system bigint, database bigint, workspace bigint, journey bigint,
      places bigint, segments bigint, watermark bigint, tail bigint);
    create table ${schema}.purchases (${scratchTables.purchases});
    create table ${schema}.sales (customer_id bigint, purchase_id bigint, happened bigint);
    create table ${schema}.customers (customer_id bigint, kind smallint, state smallint, first_sale_at bigint,
      last_sale_at bigint, sales integer, referred boolean, first_minor bigint, first_channel integer);
    create table ${schema}.expectations (customer_id bigint, id bigint, rule_id bigint, purchase_id bigint,
      touchpoint_id integer, state smallint, dimension smallint, ours boolean, awaited boolean, gap double,
      first_gap double, moves integer, told_before boolean, mended boolean, opened_at bigint, first_due_at bigint,
      due_at bigint, decided_at bigint, after_sale boolean, source integer, came_at bigint, told_at bigint);
    create table ${schema}.moves (${scratchTables.moves});
    create table ${schema}.steps (customer_id bigint, id bigint, happened bigint, touchpoint_id integer,
      stage_id integer, purchase_id bigint, experience smallint, evidence smallint, judgement boolean,
      channel integer, after_sale boolean, prev_any bigint, prev_stage bigint, prev_here bigint,
      prev_touchpoint integer, gap smallint, first_of_kind boolean, last_of_kind boolean, prev_placed bigint);
    create table ${schema}.aliases (id bigint, customer_id bigint);
    create table ${schema}.touchpoints (${wholeTables.touchpoints});
    create table ${schema}.segment_members (${wholeTables.segment_members});`
}

/** How each table follows from the scratch tables: the very texts of the Postgres views. */
export const derivations = readDerivations()

function readDerivations() {
  const folder = join(import.meta.dirname, 'migrations')
  const migrations = readdirSync(folder)
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
  // a later migration's text replaces an earlier one's, as its view does
  const text = (name: string) => {
    const found = migrations
      .map((migration) => new RegExp(`--- ${name}\n([\\s\\S]*?)--- end`).exec(migration)?.[1])
      .findLast((each) => each !== undefined)
    if (!found) throw new Error(`no migration has a text for ${name}`)
    return found
  }
  return {
    sales: text('sales'),
    customers: text('customers'),
    expectations: text('expectations'),
    steps: text('steps'),
  }
}

/** What makes DuckDB answer as Postgres does. On every connection. */
export const sessionSettings = `
  set default_null_order = 'nulls_last_on_asc_first_on_desc';
  set integer_division = true;
  set ieee_floating_point_ops = false;
  set timezone = 'UTC';`

/** The middle of a bin of steps.gap, in seconds. */
export function gapSeconds(bin: number): number {
  return 2 ** ((bin + 0.5) / 4) - 1
}
