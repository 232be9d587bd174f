import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Notice, ProblemNotice } from '../components/notice.tsx'
import { Page } from '../components/page.tsx'

/** An address that no screen has. */
export function NotFound() {
  return (
    <Page title="No such page">
      <Notice tone="risk" title="There is no page at this address">
        Check the address, or go to the <Link to="/">overview</Link>.
      </Notice>
    </Page>
  )
}

/** A screen that could not be shown. */
export function RouteFailed({ error }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <Page title="This page failed">
      <ProblemNotice
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={() => void router.invalidate()}
      />
    </Page>
  )
}
