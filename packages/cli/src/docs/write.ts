import { writeFile } from 'node:fs/promises'
import { createProgram } from '../program.ts'
import { renderReference } from './render.ts'

/** Writes docs/cli.md. */
await writeFile(new URL('../../../../docs/cli.md', import.meta.url), renderReference(await createProgram()))
