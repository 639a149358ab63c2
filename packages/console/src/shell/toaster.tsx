import CircleAlertIcon from 'lucide-react/icons/circle-alert'
import CircleCheckIcon from 'lucide-react/icons/circle-check'
import XIcon from 'lucide-react/icons/x'
import { useStore } from '../api/store.ts'
import { Button, IconButton } from '../parts/basics.tsx'
import { cx } from '../parts/cx.ts'
import { announcement, closeToast, pauseToasts, resumeToasts, type Toast, toasts } from '../parts/toast.ts'
import css from './shell.module.css'

/** Messages about what was done, with the way back; F6 leads to them. */
export function Toaster() {
  const all = useStore(toasts)
  const said = useStore(announcement)
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {said}
      </div>
      <section
        className={css.toasts}
        aria-label="Messages"
        data-toasts
        onPointerEnter={pauseToasts}
        onPointerLeave={resumeToasts}
        onFocus={pauseToasts}
        onBlur={resumeToasts}
      >
        <div role="status" aria-live="polite" style={{ display: 'contents' }}>
          {all.map((toast) => (
            <ToastRow key={toast.id} toast={toast} />
          ))}
        </div>
      </section>
    </>
  )
}

function ToastRow({ toast }: { toast: Toast }) {
  const { id, text, detail, tone, action, progress } = toast
  const Icon = tone === 'bad' ? CircleAlertIcon : CircleCheckIcon
  return (
    <div className={cx(css.toast, tone === 'bad' && css.toastBad, tone === 'good' && css.toastGood)}>
      {tone !== 'neutral' && <Icon size={16} aria-hidden />}
      <div className={css.toastText}>
        {text}
        {detail && <div className={css.toastDetail}>{detail}</div>}
        {progress !== undefined && (
          <div className={css.progress}>
            <i style={{ width: `${progress * 100}%` }} />
          </div>
        )}
      </div>
      {action && (
        <Button
          look="ghost"
          {...(action.shortcut && { shortcut: action.shortcut })}
          onClick={() => {
            if (progress === undefined) closeToast(id)
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Close message" onClick={() => closeToast(id)}>
        <XIcon size={14} aria-hidden />
      </IconButton>
    </div>
  )
}
