import { forgetAll } from '../../api/store.ts'
import { Button, checkboxClass, checkClass } from '../../parts/basics.tsx'
import dialogs from '../../parts/dialogs.module.css'
import { showToast } from '../../parts/toast.ts'
import { Section } from '../../shell/page.tsx'
import { type Preferences, setPreference, usePreferences } from '../../shell/preferences.ts'
import css from './settings.module.css'

interface Choice<Name extends keyof Preferences> {
  name: Name
  legend: string
  options: readonly (readonly [Preferences[Name], string])[]
}

const theme: Choice<'theme'> = {
  name: 'theme',
  legend: 'Theme',
  options: [
    ['system', 'as the system'],
    ['light', 'light'],
    ['dark', 'dark'],
  ],
}
const density: Choice<'density'> = {
  name: 'density',
  legend: 'Rows of lists',
  options: [
    ['compact', 'compact'],
    ['normal', 'normal'],
    ['roomy', 'roomy'],
  ],
}
const zone: Choice<'zone'> = {
  name: 'zone',
  legend: 'Times',
  options: [
    ['browser', `of this browser (${Intl.DateTimeFormat().resolvedOptions().timeZone})`],
    ['UTC', 'UTC'],
  ],
}
const startPage: Choice<'start_page'> = {
  name: 'start_page',
  legend: 'First page',
  options: [
    ['/', 'Overview'],
    ['/leads', 'Leads'],
    ['/syncs', 'Syncs'],
  ],
}

/** A person's taste: kept in this browser only. */
export function BrowserSettings() {
  const preferences = usePreferences()
  return (
    <Section title="This browser">
      <div className={css.options}>
        <Radios choice={theme} />
        <Radios choice={density} />
        <Radios choice={zone} />
        <Radios choice={startPage} />
        <label className={checkClass}>
          <input
            type="checkbox"
            className={checkboxClass}
            checked={preferences.has_single_keys}
            onChange={(event) => setPreference({ has_single_keys: event.target.checked })}
          />
          Single keys as shortcuts
        </label>
        <label className={checkClass}>
          <input
            type="checkbox"
            className={checkboxClass}
            checked={preferences.is_motion_reduced}
            onChange={(event) => setPreference({ is_motion_reduced: event.target.checked })}
          />
          Less motion
        </label>
        <div>
          <Button
            onClick={() => {
              forgetAll()
              showToast('Nothing of the console is kept in this browser any more')
            }}
          >
            Clear what this browser keeps
          </Button>
        </div>
      </div>
    </Section>
  )
}

function Radios<Name extends keyof Preferences>({ choice }: { choice: Choice<Name> }) {
  const { [choice.name]: value } = usePreferences()
  return (
    <fieldset className={dialogs.fieldset}>
      <legend>{choice.legend}</legend>
      <div className={css.inline}>
        {choice.options.map(([option, label]) => (
          <label key={String(option)} className={checkClass}>
            <input
              type="radio"
              name={choice.name}
              className={checkboxClass}
              checked={value === option}
              onChange={() => setPreference({ [choice.name]: option })}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
