import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { ProfileApplication } from '../../../../schemas/grid/profiles.ts'
import type { OwnSitePage } from '../../../../schemas/market/customers.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useToday } from '../../../shared/clock.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Page } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { firstDraft } from '../../../shared/profiles/draft.ts'
import { ProfileEditor } from '../../../shared/profiles/editor.tsx'
import { siteQuery, sitesQuery } from '../../queries.ts'

/** A customer applies for a profile of an own site, beginning with the one that holds now. */
export function ApplyForOwnProfile() {
  const { connectionId } = useParams({ from: '/inside/sites/$connectionId/apply' })
  const site = useQuery(siteQuery(connectionId))
  return (
    <Page
      title={site.data ? `New profile for ${site.data.name}` : 'New profile'}
      subtitle={
        <>
          Enter the limits that you ask for. For electric vehicles <Link to="/plans">a plan</Link> works them out for
          you.
        </>
      }
      actions={
        <LinkButton to="/sites/$connectionId" params={{ connectionId }}>
          Back to the site
        </LinkButton>
      }
    >
      <Loaded query={site}>{(page) => <Form site={page} />}</Loaded>
    </Page>
  )
}

function Form({ site }: { site: OwnSitePage }) {
  const today = useToday()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { connectionId } = site
  const save = useMutation({
    mutationFn: (application: ProfileApplication) =>
      api.call(operations.applyForOwnProfile, { params: { id: connectionId }, body: application }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sitesQuery.queryKey })
      void navigate({ to: '/sites/$connectionId', params: { connectionId } })
    },
  })
  return (
    <ProfileEditor
      connectionId={site.connectionId}
      initial={firstDraft(site, site.versions, today)}
      saveLabel="Apply"
      save={save}
    />
  )
}
