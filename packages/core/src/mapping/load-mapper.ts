import { createMapper, type Mapper } from './map-item.ts'
import { readMappings } from './mappings-file.ts'

let loaded: { file: string | undefined; mapper: Mapper } | undefined

/**
 * The mapper with the presets of `file` (MAPPINGS_FILE), read once a process.
 * @throws Error naming what is wrong in the file
 */
export function loadMapper(file: string | undefined): Mapper {
  if (!loaded || loaded.file !== file) loaded = { file, mapper: createMapper({ mappings: readMappings(file) }) }
  return loaded.mapper
}
