import type { CatalogReader } from '../catalog.ts'

/** SQLite keeps the text of its definitions; only comments are left out, because they are not part of the schema. */
export async function dumpSqlite(read: CatalogReader, except_table: string): Promise<string[]> {
  const rows = await read(`
    select tbl_name as table_name, sql as definition from sqlite_schema
    where sql is not null and name not like 'sqlite\\_%' escape '\\' and tbl_name <> '${except_table}'
    order by tbl_name, case type when 'table' then 0 when 'index' then 1 else 2 end, name`)
  const tables = Map.groupBy(rows, (row) => row.table_name)
  return [...tables.values()].map((definitions) =>
    definitions.map(({ definition }) => `${(definition ?? '').replaceAll(/^\s*--.*\n/gm, '')};`).join('\n'),
  )
}
