import { createMapper, type Mapper } from './map-item.ts'
import { readMappings } from './mappings-file.ts'

let loaded: { file: string | undefined; mapper: Mapper } | undefined

/**
 * Returns the mapper with the presets of `file` (MAPPINGS_FILE), which is read once per process.
 * @throws Error that names every fault of the file
 */
export function loadMapper(file: string | undefined): Mapper {
  if (!loaded || loaded.file !== file) loaded = { file, mapper: createMapper({ mappings: readMappings(file) }) }
  return loaded.mapper
}
