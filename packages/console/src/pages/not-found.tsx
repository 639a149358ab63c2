import { Link } from '@tanstack/react-router'
import { buttonClass, Empty } from '../parts/basics.tsx'
import { PageHead } from '../shell/page.tsx'

export function NotFound() {
  return (
    <>
      <PageHead title="Not found" />
      <Empty
        title="There is no such page"
        actions={
          <Link to="/" className={buttonClass}>
            To the overview
          </Link>
        }
      />
    </>
  )
}
