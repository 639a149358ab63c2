import { type ErrorComponentProps, useLocation } from '@tanstack/react-router'
import CircleAlertIcon from 'lucide-react/icons/circle-alert'
import { Button, Copy, Empty } from '../parts/basics.tsx'

/** A page that throws takes nothing else with it. What is copied names no search and no lead. */
export function PageCrash({ error, reset }: ErrorComponentProps) {
  const { pathname } = useLocation()
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const details = [`${new Date().toISOString()} ${pathname}`, navigator.userAgent, stack ?? message].join('\n')
  return (
    <Empty
      icon={<CircleAlertIcon size={28} aria-hidden />}
      title="This page broke"
      actions={
        <>
          <Button onClick={reset}>Try again</Button>
          <Copy text={details} label="Copy details">
            Copy details
          </Copy>
        </>
      }
    >
      {message}
    </Empty>
  )
}
