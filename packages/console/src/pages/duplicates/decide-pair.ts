import { describeError } from '../../api/problem.ts'
import { queryClient } from '../../api/queries.ts'
import { showToast } from '../../parts/toast.ts'
import { offerUndo } from '../../shell/undo.ts'
import { capitalize, type DuplicateKind } from './duplicate-kinds.ts'

function refresh({ changes }: DuplicateKind): void {
  for (const key of changes) void queryClient.invalidateQueries({ queryKey: [key] })
}

async function decide(kind: DuplicateKind, failed: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    showToast(failed, { tone: 'bad', detail: describeError(error) })
  }
  refresh(kind)
}

const separated = ({ plural }: DuplicateKind): string => `The ${plural} are separate again`

export const mergePair = (
  kind: DuplicateKind,
  keeper: number,
  other: number,
  fields_from_merged: readonly string[],
): Promise<void> =>
  decide(kind, 'Not merged', async () => {
    await kind.merge(keeper, other, fields_from_merged)
    offerUndo({
      text: `${capitalize(kind.noun)} ${other} merged into ${keeper}`,
      revert: async () => {
        await kind.unmerge(other)
        refresh(kind)
        return separated(kind)
      },
    })
  })

export const unmergePair = (kind: DuplicateKind, merged: number): Promise<void> =>
  decide(kind, 'Not undone', async () => {
    await kind.unmerge(merged)
    showToast(separated(kind), { tone: 'good' })
  })

export const dismissPair = (kind: DuplicateKind, a: number, b: number): Promise<void> =>
  decide(kind, 'Not noted', async () => {
    await kind.dismiss(a, b)
    showToast('Noted: these are two', { tone: 'good' })
  })
