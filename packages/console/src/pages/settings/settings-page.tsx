import { Link, useParams } from '@tanstack/react-router'
import page from '../../shell/page.module.css'
import { PageHead } from '../../shell/page.tsx'
import { BrowserSettings } from './browser-settings.tsx'
import { KeySettings } from './key-settings.tsx'
import { ServiceSettings } from './service-settings.tsx'

const tabs = [
  ['keys', 'Keys'],
  ['service', 'Service'],
  ['browser', 'This browser'],
] as const

export function SettingsPage() {
  const tab = useParams({ strict: false }).tab ?? 'keys'
  return (
    <>
      <PageHead title="Settings" />
      <nav className={page.tabs} aria-label="Settings">
        {tabs.map(([name, label]) => (
          <Link
            key={name}
            to="/settings/$tab"
            params={{ tab: name }}
            className={page.tab}
            aria-current={tab === name ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className={page.scroll}>
        <div className={`${page.content} ${page.narrow}`}>
          {tab === 'keys' && <KeySettings />}
          {tab === 'service' && <ServiceSettings />}
          {tab === 'browser' && <BrowserSettings />}
        </div>
      </div>
    </>
  )
}
