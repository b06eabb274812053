import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { shippedRecipes } from './recipe.ts'
import { Workbench } from './workbench.ts'

let folder = ''
let bench: Workbench

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'troth-sandbox-'))
  mkdirSync(join(folder, 'files'))
  writeFileSync(join(folder, 'files/t.csv'), 'a,b\n1,x\n2,y\n')
  writeFileSync(join(folder, 'files/other.csv'), 'secret\n42\n')
  bench = await Workbench.open(folder, { fresh: true })
  await bench.load('t', { file: 't.csv' }, [{ name: 't.csv', path: join(folder, 'files/t.csv') }])
  await bench.lock()
})
after(() => {
  bench.close()
  rmSync(folder, { recursive: true, force: true })
})

const escapes = [
  // reading what lies outside, or beside
  `select * from read_text('/etc/passwd')`,
  `select * from '/etc/passwd'`,
  `select * from 'files/other.csv'`,
  `select * from "files/other.csv"`,
  `select * from read_csv('files/other.csv')`,
  `select * from read_blob('workbench.duckdb')`,
  `select * from read_parquet('x.parquet')`,
  `select * from read_json_objects('/etc/passwd')`,
  `select * from glob('/*')`,
  `select * from sniff_csv('/etc/passwd')`,
  `select * from parquet_metadata('/etc/passwd')`,
  `select * from read_duckdb('workbench.duckdb')`,
  `select (select content from read_text('/etc/passwd'))`,
  `with x as (select * from read_text('/etc/passwd')) select * from x`,
  `select * from t where a in (select content from read_text('/etc/passwd'))`,
  `select * from t, lateral (select * from read_text('/etc/passwd'))`,
  `select * from read_text('https://example.com/')`,
  `select getenv('HOME')`,
  `select current_setting('temp_directory')`,
  // text run as SQL
  `select * from query('select * from read_text(''/etc/passwd'')')`,
  `select * from query_table('t')`,
  `select * from json_execute_serialized_sql(json_serialize_sql('select 1'))`,
  // writing
  `copy t to 'files/out.csv'`,
  `copy (select 1) to '/tmp/troth-out.csv'`,
  `create table x as select 1`,
  `insert into t values ('f', 1, '3', 'z')`,
  `delete from t`,
  `drop table t`,
  `export database 'files/out'`,
  `attach 'files/new.duckdb' as n`,
  `with x as (insert into t values ('f', 1, '3', 'z') returning *) select * from x`,
  // settings
  `set enable_external_access = true`,
  `set lock_configuration = false`,
  `reset lock_configuration`,
  `pragma enable_profiling`,
  `select * from enable_logging('QueryLog', storage = 'file', storage_config = {'path': 'files/log'})`,
  `call enable_logging('QueryLog')`,
  `select * from enable_profiling()`,
  `select * from disable_logging()`,
  `select * from checkpoint()`,
  `select * from force_checkpoint()`,
  `select write_log('x')`,
  `install httpfs`,
  `load json`,
  // several, or none
  `select 1; select 2`,
  `select 1; drop table t`,
  `select 1) as q; drop table t; --`,
  `select 1 --) as picked; drop table t`,
  `explain select 1`,
  `call pragma_version()`,
  `prepare x as select 1`,
  `begin`,
  ``,
  `select '\0'`,
]

test('no SELECT gets out of the sandbox, and none leaves a trace', async () => {
  const before = readdirSync(join(folder, 'files')).sort()
  const through: string[] = []
  for (const attempt of escapes) {
    try {
      await bench.stage('out', attempt, 'test')
      through.push(attempt)
    } catch {}
  }
  // A comment at the end is no escape: it is cut off by the line that follows.
  assert.deepEqual(
    through.filter((each) => !each.startsWith('select 1 --')),
    [],
  )
  assert.deepEqual(readdirSync(join(folder, 'files')).sort(), before)
  assert.equal(existsSync('/tmp/troth-out.csv'), false)
  assert.equal(await bench.count('t'), 2)
  const still = await bench.stage('fine', 'select a as id, b from t order by a', 'test')
  assert.equal(still.rows, 2)
})

test('a SELECT that is refused says why in words', async () => {
  await assert.rejects(
    bench.stage('o', 'delete from t', 'customers'),
    /customers: only a SELECT may stand here/,
  )
  await assert.rejects(
    bench.stage('o', `select * from read_csv('x.csv')`, 'interactions'),
    /interactions: read_csv\(\) is not allowed here/,
  )
  await assert.rejects(
    bench.stage('o', `select * from 'x.csv'`, 'voices'),
    /"x.csv" is a file. Name it under/,
  )
  await assert.rejects(bench.stage('o', 'select nothing from t', 'customers'), /customers: .*nothing/s)
})

test('a SELECT that never ends can be stopped', async () => {
  // Again and again: one that comes before it has begun stops nothing.
  const timer = setInterval(() => bench.interrupt(), 200)
  await assert.rejects(
    bench.stage('o', 'select count(*) as n from range(100000000000) a', 'test'),
    /interrupt/i,
  )
  clearInterval(timer)
})

test('what a recipe needs is allowed: joins, windows, json, lists, lambdas', async () => {
  const select = `
    with numbered as (select *, row_number() over (order by a) as n from t)
    select a, columns(lambda c: c = 'b'), try_cast('{"x": 1}' as json) ->> '$.x' as x,
      list_transform([1, 2], lambda e: e + n) as list, unnest(['p', 'q']) as each
    from numbered join range(3) r on r.range = n`
  assert.equal((await bench.stage('o', select, 'test')).rows, 4)
})

test('every shipped recipe reads as a recipe', () => {
  assert.deepEqual(
    shippedRecipes().map(({ name, recipe }) => [name, recipe.name]),
    [
      ['event-log', 'event-log'],
      ['olist', 'olist'],
      ['segment-orders', 'segment-orders'],
    ],
  )
})
