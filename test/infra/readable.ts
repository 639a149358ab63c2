import type { Stack } from './synthesize.ts'

/** Parts that change although the infrastructure does not: the code in the bundles, the SQL of the migrations. */
const masks: [pattern: RegExp, mask: string][] = [
  // SST ends names with random letters.
  [/(sales-leads-[\w<>-]+)-[a-z]{8}(?=["/\\])/g, '$1-<random>'],
  [/-code-[0-9a-f]{64}\.zip/g, '-code-<hash>.zip'],
  [/"[0-9a-f]{64}"/g, '"<hash>"'],
  [/"triggers":\{"database":"[0-9a-f]{12}"/g, '"triggers":{"database":"<hash>"'],
]

/** Resources by type and name, each with its inputs as a reviewer reads them. */
function readResources({ resources }: Stack): Map<string, unknown> {
  const readable = resources
    .filter(({ type }) => !/^(pulumi:|sst:)/.test(type))
    .map(({ type, name, stored }): [string, unknown] => {
      const text = masks.reduce(
        (masked, [pattern, mask]) => masked.replace(pattern, mask),
        JSON.stringify(sortKeys(stored)),
      )
      return [`${type} ${name}`, JSON.parse(text)]
    })
  return new Map(readable.sort(([one], [other]) => (one < other ? -1 : 1)))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  if ('__pulumiArchive' in value) return '<bundle>'
  const entries = Object.entries(value).filter(([key]) => !key.startsWith('4dabf181'))
  if (entries.length < Object.keys(value).length) return '<secret>'
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, each]) => [key, sortKeys(each)]),
  )
}

const toBlock = (title: string, inputs: unknown): string => `${title}\n${JSON.stringify(inputs, null, 2)}`

/** The whole stack. */
export function describeResources(stack: Stack): string {
  const blocks = [...readResources(stack)].map(([title, inputs]) => toBlock(title, inputs))
  return `${blocks.join('\n\n')}\n`
}

/** Resources that only one of two stacks has (+ and -), and inputs that differ (~). The names of the stages do not count. */
export function describeDifferences(base: Stack, stack: Stack): string {
  const before = readResources(withoutStage(base))
  const after = readResources(withoutStage(stack))
  const titles = [...new Set([...before.keys(), ...after.keys()])].sort()
  const blocks = titles.flatMap((title) => {
    if (!after.has(title)) return [`- ${title}`]
    if (!before.has(title)) return [`+ ${toBlock(title, after.get(title))}`]
    const changes = compareInputs(flatten(before.get(title)), flatten(after.get(title)))
    return changes.length > 0 ? [`~ ${title}\n${changes.join('\n')}`] : []
  })
  return `${blocks.join('\n\n')}\n`
}

function withoutStage(stack: Stack): Stack {
  const mask = (text: string) =>
    text.replaceAll(new RegExp(`(sales-leads-|SalesLeads/)${stack.stage}\\b`, 'g'), '$1<stage>')
  const resources = stack.resources.map((each) => ({
    ...each,
    stored: JSON.parse(mask(JSON.stringify(each.stored))) as Record<string, unknown>,
  }))
  return { ...stack, resources }
}

/** `a.b.0 = "x"`, a line per value. */
function flatten(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value)]])
  const entries = Object.entries(value)
  if (entries.length === 0) return new Map([[path, JSON.stringify(value)]])
  return new Map(entries.flatMap(([key, each]) => [...flatten(each, path ? `${path}.${key}` : key)]))
}

function compareInputs(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    const [old, current] = [before.get(path), after.get(path)]
    if (old === current) return []
    return [
      ...(old === undefined ? [] : [`  - ${path} = ${old}`]),
      ...(current === undefined ? [] : [`  + ${path} = ${current}`]),
    ]
  })
}
