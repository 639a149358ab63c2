import { formatNumber } from '../../parts/format.ts'
import { Facts, Section } from '../../shell/page.tsx'

export type UnreadCounts = Readonly<Record<string, { count: number; examples: readonly string[] }>>

const EXAMPLE_CHARACTERS_MAX = 40

/** The values of a run that no column could take, with examples: what a mapping of one's own may read. */
export function UnreadFacts({ counts }: { counts: UnreadCounts | undefined }) {
  const columns = Object.entries(counts ?? {}).sort(([, a], [, b]) => b.count - a.count)
  if (columns.length === 0) return null
  return (
    <Section title="Values not understood">
      <Facts
        rows={columns.map(([column, { count, examples }]): [string, string] => [
          column.replace(/[._]/g, ' '),
          `${formatNumber(count)}, such as ${examples.map((text) => `“${text.slice(0, EXAMPLE_CHARACTERS_MAX)}”`).join(', ')}`,
        ])}
      />
    </Section>
  )
}
