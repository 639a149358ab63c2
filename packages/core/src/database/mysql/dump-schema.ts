import { type CatalogReader, groupByTable } from '../catalog.ts'

/**
 * Every table of the catalog is limited to this database: MariaDB otherwise opens those of all databases. Aliases
 * throughout, because MySQL names the catalog's columns in capitals and MariaDB in the query's letters.
 */
const columnsQuery = `
  select c.table_name as table_name, c.column_name as column_name, c.column_type as column_type,
    c.is_nullable as is_nullable, c.column_default as column_default, c.extra as extra,
    c.collation_name as collation_name, c.generation_expression as expression
  from information_schema.columns c
  join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
  where c.table_schema = database() and t.table_schema = database() and t.table_type = 'BASE TABLE'
  order by c.ordinal_position`

const tablesQuery = `
  select table_name as table_name, engine as engine, table_collation as table_collation
  from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE'`

/** MariaDB's JSON columns are text with a check that MySQL does not need: left out. */
const checksQuery = `
  select t.table_name as table_name, t.constraint_name as constraint_name, c.check_clause as check_clause
  from information_schema.table_constraints t
  join information_schema.check_constraints c
    on c.constraint_schema = t.constraint_schema and c.constraint_name = t.constraint_name
  where t.table_schema = database() and c.constraint_schema = database() and t.constraint_type = 'CHECK' and c.check_clause not like 'json_valid(%'`

const jsonColumnsQuery = `
  select distinct t.table_name as table_name, t.constraint_name as column_name
  from information_schema.table_constraints t
  join information_schema.check_constraints c
    on c.constraint_schema = t.constraint_schema and c.constraint_name = t.constraint_name
  where t.table_schema = database() and c.constraint_schema = database() and t.constraint_type = 'CHECK' and c.check_clause like 'json_valid(%'`

const foreignKeysQuery = `
  select k.table_name as table_name, k.constraint_name as constraint_name, k.column_name as column_name,
    k.referenced_table_name as parent, k.referenced_column_name as parent_column, r.delete_rule as delete_rule
  from information_schema.key_column_usage k
  join information_schema.referential_constraints r
    on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name
  where k.table_schema = database() and r.constraint_schema = database() and k.referenced_table_name is not null
  order by k.ordinal_position`

const indexesQuery = `
  select table_name as table_name, index_name as index_name, max(non_unique) as non_unique, max(index_type) as index_type,
    group_concat(concat(column_name, case when collation = 'D' then ' desc' else '' end)
      order by seq_in_index separator ', ') as index_columns
  from information_schema.statistics where table_schema = database()
  group by table_name, index_name`

const triggersQuery = `
  select event_object_table as table_name, trigger_name as trigger_name,
    concat(lower(action_timing), ' ', lower(event_manipulation)) as moment, action_statement as body
  from information_schema.triggers where trigger_schema = database()`

type Row = Record<string, string | null>

/** From information_schema, because SHOW CREATE TABLE differs between MySQL and MariaDB where the tables do not. */
export async function dumpMysql(read: CatalogReader, except_table: string): Promise<string[]> {
  const columns = groupByTable(await read(columnsQuery))
  const checks = groupByTable(await read(checksQuery))
  const foreign_keys = groupByTable(await read(foreignKeysQuery))
  const indexes = groupByTable(await read(indexesQuery))
  const triggers = groupByTable(await read(triggersQuery))
  const json = new Set((await read(jsonColumnsQuery)).map((row) => `${row.table_name}.${row.column_name}`))
  const tables = (await read(tablesQuery)).filter(({ table_name }) => table_name !== except_table)
  const parts = tables.map(({ table_name, engine, table_collation }) => {
    const rowsOf = (rows: Map<string, Row[]>) => rows.get(table_name ?? '') ?? []
    const inside = [
      ...rowsOf(columns).map((row) => columnLine(row, json.has(`${table_name}.${row.column_name}`), table_collation)),
      ...sortLines(rowsOf(checks).map(checkLine)),
      ...sortLines(rowsOf(foreign_keys).map(foreignKeyLine)),
      ...sortLines(rowsOf(indexes).map(indexLine)),
    ]
    const after = sortLines(rowsOf(triggers).map(triggerLine))
    const body = inside.map((line) => `  ${line}`).join(',\n')
    return [`create table ${table_name} (\n${body}\n) engine ${engine}, collate ${table_collation};`, ...after].join(
      '\n',
    )
  })
  return sortLines(parts)
}

/** By code point: the catalogue's own order depends on the server's collations. */
const sortLines = (lines: string[]): string[] => lines.sort()

function columnLine(row: Row, is_json: boolean, table_collation: string | null | undefined): string {
  // MySQL 8 has dropped the display widths that MariaDB still shows; (1) is what makes a tinyint a boolean.
  const type = (row.column_type ?? '').replace(/^(?!tinyint\(1\))(\w*int)\(\d+\)/, '$1')
  const extra = (row.extra ?? '').replace(/DEFAULT_GENERATED|(STORED|VIRTUAL) GENERATED/g, '').trim()
  return [
    row.column_name,
    is_json ? 'json' : type,
    row.collation_name && !is_json && row.collation_name !== table_collation ? `collate ${row.collation_name}` : '',
    row.is_nullable === 'NO' ? 'not null' : '',
    row.expression ? `generated always as (${plainExpression(row.expression)})` : defaultOf(row.column_default),
    extra.toLowerCase(),
  ]
    .filter((part) => part)
    .join(' ')
}

/** MariaDB quotes a literal and says NULL for none; MySQL does neither. */
function defaultOf(text: string | null | undefined): string {
  if (text === null || text === undefined || text === 'NULL') return ''
  return /^(-?\d|')|\(/.test(text) ? `default ${text}` : `default '${text}'`
}

function checkLine(row: Row): string {
  return `constraint ${row.constraint_name} check (${plainExpression(row.check_clause)})`
}

function triggerLine(row: Row): string {
  return `create trigger ${row.trigger_name} ${row.moment} on ${row.table_name} ${row.body};`
}

function foreignKeyLine(row: Row): string {
  const rule = (row.delete_rule ?? '').toLowerCase()
  // The two are one thing here: both refuse at once.
  const action = rule === 'restrict' || rule === 'no action' ? '' : ` on delete ${rule}`
  return (
    `constraint ${row.constraint_name} foreign key (${row.column_name}) ` +
    `references ${row.parent} (${row.parent_column})${action}`
  )
}

function indexLine(row: Row): string {
  if (row.index_name === 'PRIMARY') return `primary key (${row.index_columns})`
  const unique = String(row.non_unique) === '0' ? 'unique ' : ''
  const kind = row.index_type === 'BTREE' ? '' : `${row.index_type?.toLowerCase()} `
  return `${unique}${kind}index ${row.index_name} (${row.index_columns})`
}

/** MySQL writes an expression with backticks, character set names, escaped quotes and brackets around it. */
function plainExpression(text: string | null | undefined): string {
  const plain = (text ?? '')
    .replaceAll('`', '')
    .replaceAll('_utf8mb4', '')
    .replaceAll("\\'", "'")
    .replaceAll(/ {2,}(?=[a-z])/g, ' ')
  return /^\([^()]*\)$/.test(plain) ? plain.slice(1, -1) : plain
}
