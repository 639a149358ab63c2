import { formatNumber } from '../../parts/format.ts'
import { Facts, Section } from '../../shell/page.tsx'

export interface MatchCounts {
  joined_by: Record<string, number>
  bridged: number
  contradicted: number
  kept_newer: number
  kept_edited: number
}

const kindNames: Record<string, string> = {
  email: 'Joined by email address',
  linkedin: 'Joined by LinkedIn page',
  google: 'Joined by Google place',
  page: 'Joined by page on a network',
  domain: 'Joined by website',
  file_id: 'Joined by id of the file',
  earlier_id: 'Joined by id of an earlier version',
}

/** How the items of a sync or file met leads other than by their own ids, and which values were not taken. */
export function MatchFacts({
  counts,
  candidates = 0,
}: {
  counts: MatchCounts | null | undefined
  /** Pairs that passes found since among the leads that it created. */
  candidates?: number | undefined
}) {
  if (!counts && candidates === 0) return null
  const joined = Object.entries(counts?.joined_by ?? {}).sort(([, a], [, b]) => b - a)
  const shown = (count = 0) => count > 0 && formatNumber(count)
  return (
    <Section title="Matches">
      <Facts
        rows={[
          ...joined.map(([kind, count]): [string, string] => [
            kindNames[kind] ?? `Joined by ${kind}`,
            formatNumber(count),
          ]),
          ['Pairs made candidates', shown(counts?.bridged)],
          ['Pairs that may be one, found since', shown(candidates)],
          ['Not joined: name or page contradicts', shown(counts?.contradicted)],
          ['Values kept: seen later', shown(counts?.kept_newer)],
          ['Values kept: written by a person', shown(counts?.kept_edited)],
        ]}
      />
    </Section>
  )
}
