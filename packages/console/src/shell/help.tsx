import { Kbd } from '../parts/basics.tsx'
import { Dialog } from '../parts/popup.tsx'
import css from './shell.module.css'
import { keyLabel, type Shortcut, useAllShortcuts } from './shortcuts.ts'

/** Every key of the page at hand. */
export default function Help({ onClose }: { onClose: () => void }) {
  const groups = Map.groupBy(unique(useAllShortcuts()), ({ group }) => group)
  return (
    <Dialog title="Keys" onClose={onClose} width={620}>
      <div className={css.helpGrid}>
        {[...groups].map(([group, shortcuts]) => (
          <section key={group} className={css.helpGroup}>
            <h3>{group}</h3>
            {shortcuts.map(({ keys, label }) => (
              <div key={keys} className={css.helpRow}>
                <span>{label}</span>
                <span>
                  {keyLabel(keys)
                    .split(/ (?=[a-z,]$)/)
                    .map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  <span className="visually-hidden">{keyLabel(keys)}</span>
                </span>
              </div>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  )
}

/** A page's own key replaces the global one. */
function unique(all: readonly Shortcut[]): Shortcut[] {
  const byKeys = new Map(all.map((shortcut) => [shortcut.keys, shortcut]))
  return [...byKeys.values()].sort((a, b) => rank(a) - rank(b))
}

const rank = ({ group }: Shortcut): number => (group.startsWith('This') ? 0 : group === 'Everywhere' ? 1 : 2)
