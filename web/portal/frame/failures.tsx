import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Notice, ProblemNotice } from '../../shared/components/notice.tsx'
import { Page } from '../../shared/components/page.tsx'

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

/** A screen of the DNO’s, asked for by somebody of an FSP or a customer. */
export function ForTheDno() {
  return (
    <Page title="For the network operator">
      <Notice tone="risk" title="This page is for people of the network operator">
        Your own pages are in the menu. Start at the <Link to="/">overview</Link>.
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
