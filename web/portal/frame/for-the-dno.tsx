import { Link } from '@tanstack/react-router'
import { Notice } from '../../shared/components/notice.tsx'
import { Page } from '../../shared/components/page.tsx'

/** A screen of the DNO’s, asked for by somebody of an FSP. */
export function ForTheDno() {
  return (
    <Page title="For the network operator">
      <Notice tone="risk" title="This page is for people of the network operator">
        Your own pages are in the menu. Start at the <Link to="/">overview</Link>.
      </Notice>
    </Page>
  )
}
