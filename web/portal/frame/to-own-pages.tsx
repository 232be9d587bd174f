import { useEffect } from 'react'
import { Notice } from '../../shared/components/notice.tsx'
import { Page } from '../../shared/components/page.tsx'

/** Where customers have their sites and plans: a face of its own on this server, which this page’s router does not know. */
export const customersFace = '/planner/'

/** Leads a customer to the pages that are for customers; the link is for a browser that stays here. */
export function ToOwnPages() {
  useEffect(() => window.location.replace(customersFace), [])
  return (
    <Page title="Your sites and plans">
      <Notice>
        Your sites and plans have <a href={customersFace}>pages of their own</a>.
      </Notice>
    </Page>
  )
}
