import type { ReactNode } from 'react'
import css from './cells.module.css'

interface PhoneRowProps {
  name: ReactNode
  end: ReactNode
  bottom: ReactNode
}

/** A row on a phone: two lines, or one in the middle. */
export const PhoneRow = ({ name, end, bottom }: PhoneRowProps) => (
  <span className={css.phone}>
    <span className={css.phoneTop}>
      <span className={css.name}>{name}</span>
      {end}
    </span>
    {bottom && <span className={css.phoneBottom}>{bottom}</span>}
  </span>
)
