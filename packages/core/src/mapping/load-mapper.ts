import { createMapper, type Mapper } from './map-item.ts'
import { readMappings } from './mappings-file.ts'
import type { Preset } from './preset.ts'

let loaded: { file: string | undefined; mappings: readonly Preset[]; mapper: Mapper } | undefined

/**
 * Returns the mapper with the presets of `file` (MAPPINGS_FILE), which is read once per process.
 * @throws Error that names every fault of the file
 */
export const loadMapper = (file: string | undefined): Mapper => load(file).mapper

/** Returns the presets of the same file, for a mapper in another thread. @throws as {@link loadMapper} */
export const loadMappings = (file: string | undefined): readonly Preset[] => load(file).mappings

function load(file: string | undefined): NonNullable<typeof loaded> {
  if (!loaded || loaded.file !== file) {
    const mappings = readMappings(file)
    loaded = { file, mappings, mapper: createMapper({ mappings }) }
  }
  return loaded
}
