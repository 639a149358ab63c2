import type { MatchCounts } from '@leads/core/ingest/match-counts'
import { formatNumber } from './format.ts'

const kindNames: Record<string, string> = {
  email: 'email address',
  linkedin: 'LinkedIn page',
  google: 'Google place',
  page: 'page on a network',
  domain: 'website',
  file_id: 'id of the file',
  earlier_id: 'id of an earlier version',
}

/** Renders how many pairs later passes found among the leads that a sync or an import created. */
export const renderCandidates = (candidate_pairs: number): [string, string][] =>
  candidate_pairs === 0 ? [] : [['may be one', `${formatNumber(candidate_pairs)} pairs, see \`leads duplicates list\``]]

/** Renders how the items of a sync or file met leads, and which values were not taken: labels and texts. */
export function renderMatchCounts(counts: MatchCounts | null | undefined): [string, string][] {
  if (!counts) return []
  const joined = Object.entries(counts.joined_by).sort(([, a], [, b]) => b - a)
  const lines: [string, string, number][] = [
    [
      'joined by',
      joined.map(([kind, count]) => `${kindNames[kind] ?? kind} ${formatNumber(count)}`).join(', '),
      joined.length,
    ],
    ['candidates', `${formatNumber(counts.bridged)} pairs that one item identifies both`, counts.bridged],
    ['not joined', `${formatNumber(counts.contradicted)} whose name or page contradicts`, counts.contradicted],
    [
      'values kept',
      `${formatNumber(counts.kept_newer)} seen later, or of a source that counts more`,
      counts.kept_newer,
    ],
    ['values kept', `${formatNumber(counts.kept_edited)} that a person wrote`, counts.kept_edited],
  ]
  return lines.flatMap(([label, text, count]) => (count > 0 ? [[label, text] as [string, string]] : []))
}
