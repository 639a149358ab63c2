import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { type Preset, type PresetColumn, presetColumns } from './preset.ts'

const path = z.string().min(1).max(200)
const condition = z.strictObject({
  path,
  exists: z.boolean().optional(),
  equals: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .optional(),
  contains: z.string().min(1).optional(),
})
const column = z.enum(Object.keys(presetColumns) as PresetColumn[])
const preset = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'small letters, digits and dashes, at most 50'),
    match: z
      .strictObject({
        all: z.array(path).optional(),
        any: z.array(path).optional(),
        none: z.array(path).optional(),
        when: z.array(condition).optional(),
      })
      .refine(
        (match) => (match.all?.length ?? 0) + (match.any?.length ?? 0) + (match.when?.length ?? 0) > 0,
        'must name a key or a condition, or it would fit every item',
      )
      .optional(),
    actors: z.array(z.string().min(1)).optional(),
    kind: z.enum(['person', 'company', 'job']).optional(),
    fields: z.partialRecord(column, z.union([path, z.array(path).min(1), z.null()])).optional(),
    ignore: z.array(z.string().min(1)).optional(),
    reject: z.array(z.strictObject({ when: z.array(condition).min(1), reason: z.string().min(1).max(200) })).optional(),
    identity: z
      .strictObject({ namespace: z.string().regex(/^[a-z0-9][a-z0-9._~/-]{0,99}$/), paths: z.array(path).min(1) })
      .optional(),
  })
  .refine(
    (entry) => entry.match !== undefined || entry.actors !== undefined,
    'needs "match" or "actors", or it is never chosen',
  )

/** The content of MAPPINGS_FILE: presets that are tried in order before the built-in ones. */
export const mappingsFile = z.strictObject({ $schema: z.string().optional(), presets: z.array(preset).max(500) })

/**
 * Reads and validates MAPPINGS_FILE. Returns no presets without one.
 * @throws Error that names every fault and its place
 */
export function readMappings(file: string | undefined): Preset[] {
  if (file === undefined || file.trim() === '') return []
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(
      `MAPPINGS_FILE ${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const checked = mappingsFile.safeParse(content)
  if (checked.success) return checked.data.presets
  throw new Error(`MAPPINGS_FILE ${file} is not valid:\n${z.prettifyError(checked.error)}`)
}
