import { readFile, writeFile } from 'node:fs/promises'
import { createProgram } from '../program.ts'
import { fillReadme, renderCommandTable, renderReference } from './render.ts'

/** `npm run docs`: writes docs/cli.md and the command table of README.md. */
const root = new URL('../../../../', import.meta.url)
const program = await createProgram()
await writeFile(new URL('docs/cli.md', root), renderReference(program))
const readme = new URL('README.md', root)
await writeFile(readme, fillReadme(await readFile(readme, 'utf8'), renderCommandTable(program)))
