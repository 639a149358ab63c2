import { createStore } from '../api/store.ts'

export interface Toast {
  id: number
  text: string
  tone: 'neutral' | 'good' | 'bad'
  detail?: string | undefined
  /** Share done, of something that takes a while. */
  progress?: number | undefined
  action?: { label: string; shortcut?: string; run: () => void } | undefined
}

const SHOWN_MS = 5000
const WITH_ACTION_MS = 10_000
const TOASTS_MAX = 4

export const toasts = createStore<readonly Toast[]>([])
/** Said politely to screen readers, without a toast. */
export const announcement = createStore('')
export const announce = (text: string): void => announcement.set(text)

let next_id = 1
const timers = new Map<number, ReturnType<typeof setTimeout>>()

export function closeToast(id: number): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
  toasts.set((all) => all.filter((toast) => toast.id !== id))
}

function startTimer(toast: Toast): void {
  clearTimeout(timers.get(toast.id))
  if (toast.progress !== undefined) return
  const shown_ms = toast.action || toast.detail ? WITH_ACTION_MS : SHOWN_MS
  timers.set(
    toast.id,
    setTimeout(() => closeToast(toast.id), shown_ms),
  )
}

/** Toasts stay while the pointer or the focus is on them. */
export const pauseToasts = (): void => {
  for (const timer of timers.values()) clearTimeout(timer)
}
export const resumeToasts = (): void => toasts.get().forEach(startTimer)

export function showToast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const toast: Toast = { id: next_id++, text, tone: 'neutral', ...options }
  toasts.set((all) => [...all.slice(1 - TOASTS_MAX), toast])
  startTimer(toast)
  return toast.id
}

export function updateToast(id: number, change: Partial<Omit<Toast, 'id'>>): void {
  toasts.set((all) => all.map((toast) => (toast.id === id ? { ...toast, ...change } : toast)))
  const toast = toasts.get().find((each) => each.id === id)
  if (toast) startTimer(toast)
}
