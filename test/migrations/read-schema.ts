import type { SchemaConnection } from '@leads/core/database/migrations/schema-connection'
import type { TestEngine } from '../setup/engines.ts'

export interface IndexFacts {
  name: string
  unique: boolean
  columns: string[]
}

/** The schema as the engine's catalogue tells it, read here apart from the code that dumps it. */
export interface SchemaReader {
  columns(table: string): Promise<{ name: string; type: string; nullable: boolean }[]>
  indexes(table: string): Promise<IndexFacts[]>
  foreignKeys(table: string): Promise<{ column: string; parent: string; on_delete: string }[]>
}

export function readSchema(engine: TestEngine, { query }: SchemaConnection): SchemaReader {
  return { sqlite, postgres, mysql }[engine](query)
}

type Query = SchemaConnection['query']
const text = (value: unknown): string => String(value)

function sqlite(query: Query): SchemaReader {
  return {
    async columns(table) {
      const rows = await query(
        `select c.name, c.type, c."notnull" as required, (select sql from sqlite_schema where name = ?) as definition
         from pragma_table_info(?) c`,
        [table, table],
      )
      return rows.map(({ name, type, required, definition }) => ({
        name: text(name),
        type: text(definition).includes(`json_valid(${text(name)})`) ? 'json' : text(type).toLowerCase(),
        nullable: required === 0,
      }))
    },
    async indexes(table) {
      const rows = await query(
        `select l.name, l."unique" as is_unique, group_concat(i.name, ',') as columns
         from pragma_index_list(?) l, pragma_index_info(l.name) i group by l.name order by i.seqno`,
        [table],
      )
      return rows.map(({ name, is_unique, columns }) => ({
        name: text(name),
        unique: is_unique === 1,
        columns: text(columns).split(','),
      }))
    },
    async foreignKeys(table) {
      const rows = await query(
        'select "from" as "column", "table" as parent, on_delete from pragma_foreign_key_list(?)',
        [table],
      )
      return rows.map(({ column, parent, on_delete }) => ({
        column: text(column),
        parent: text(parent),
        on_delete: text(on_delete).toLowerCase(),
      }))
    },
  }
}

function postgres(query: Query): SchemaReader {
  return {
    async columns(table) {
      const rows = await query(
        'select column_name, data_type, is_nullable from information_schema.columns where table_name = ?',
        [table],
      )
      return rows.map(({ column_name, data_type, is_nullable }) => ({
        name: text(column_name),
        type: text(data_type).replace('jsonb', 'json'),
        nullable: is_nullable === 'YES',
      }))
    },
    async indexes(table) {
      const rows = await query('select indexname, indexdef from pg_indexes where tablename = ?', [table])
      return rows.map(({ indexname, indexdef }) => ({
        name: text(indexname),
        unique: text(indexdef).includes('UNIQUE'),
        columns: (/\(([^)]*)\)/.exec(text(indexdef))?.[1] ?? '').replaceAll(/ \w+_pattern_ops/g, '').split(', '),
      }))
    },
    async foreignKeys(table) {
      const rows = await query(
        `select k.column_name, u.table_name as parent, r.delete_rule
         from information_schema.key_column_usage k
         join information_schema.referential_constraints r on r.constraint_name = k.constraint_name
         join information_schema.constraint_column_usage u on u.constraint_name = k.constraint_name
         where k.table_name = ?`,
        [table],
      )
      return rows.map(({ column_name, parent, delete_rule }) => ({
        column: text(column_name),
        parent: text(parent),
        on_delete: text(delete_rule).toLowerCase(),
      }))
    },
  }
}

function mysql(query: Query): SchemaReader {
  return {
    async columns(table) {
      const rows = await query(
        `select c.column_name as name, c.data_type as type, c.is_nullable as nullable, exists (
           select 1 from information_schema.check_constraints k
           where k.constraint_schema = database() and k.check_clause = concat('json_valid(\`', c.column_name, '\`)')
         ) as checked
         from information_schema.columns c where c.table_schema = database() and c.table_name = ?`,
        [table],
      )
      return rows.map(({ name, type, nullable, checked }) => ({
        name: text(name),
        type: checked === 1 ? 'json' : text(type),
        nullable: nullable === 'YES',
      }))
    },
    async indexes(table) {
      const rows = await query(`show index from ${table}`)
      const names = [...new Set(rows.map((row) => text(row.Key_name)))]
      return names.map((name) => {
        const own = rows.filter((row) => row.Key_name === name)
        return { name, unique: own[0]?.Non_unique === 0, columns: own.map((row) => text(row.Column_name)) }
      })
    },
    async foreignKeys(table) {
      const rows = await query(
        `select k.column_name as name, k.referenced_table_name as parent, r.delete_rule as on_delete
         from information_schema.key_column_usage k
         join information_schema.referential_constraints r
           on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name
         where k.table_schema = database() and k.table_name = ? and k.referenced_table_name is not null`,
        [table],
      )
      return rows.map(({ name, parent, on_delete }) => ({
        column: text(name),
        parent: text(parent),
        on_delete: text(on_delete).toLowerCase(),
      }))
    },
  }
}
