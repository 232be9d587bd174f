import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { ProfileApplication, ProfileVersion } from '../../../../schemas/grid/profiles.ts'
import { operations } from '../../../../schemas/operations.ts'
import { ApiProblem, api } from '../../../shared/api/client.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Page } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { draftOf } from '../../../shared/profiles/draft.ts'
import { ProfileEditor } from '../../../shared/profiles/editor.tsx'
import { profileQuery } from '../../grid-queries.ts'
import { ChangedMeanwhile } from './changed-meanwhile.tsx'

/** Amends an application that is not decided yet. */
export function Amend() {
  const { profileId } = useParams({ from: '/inside/applications/$profileId/edit' })
  const query = useQuery(profileQuery(profileId))
  return (
    <Page
      title={query.data ? `Amend ${query.data.connectionName}, version ${query.data.version}` : 'Amend'}
      actions={
        <LinkButton to="/applications/$profileId" params={{ profileId }}>
          Back to the application
        </LinkButton>
      }
    >
      {/* The key: another revision starts the form anew, and only when its reader asks for it. */}
      <Loaded query={query}>{(version) => <Form key={version.revision} version={version} />}</Loaded>
    </Page>
  )
}

function Form({ version }: { version: ProfileVersion }) {
  const { profileId } = version
  const navigate = useNavigate()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: ({ application, revision }: { application: ProfileApplication; revision: number }) =>
      api.call(operations.amendProfile, { params: { id: profileId }, body: application, version: revision }),
    onSuccess: (saved) => {
      queries.setQueryData(profileQuery(profileId).queryKey, saved)
      void queries.invalidateQueries({ queryKey: ['profiles'] })
      void navigate({ to: '/applications/$profileId', params: { profileId } })
    },
  })
  const clash = save.error instanceof ApiProblem && save.error.status === 412
  return (
    <ProfileEditor
      connectionId={version.connectionId}
      initial={draftOf(version)}
      saveLabel={`Save as revision ${version.revision + 1}`}
      save={{ ...save, mutate: (application) => save.mutate({ application, revision: version.revision }) }}
      failure={
        clash
          ? (typed) => (
              <ChangedMeanwhile
                key={save.submittedAt}
                profileId={profileId}
                began={version}
                typed={typed}
                onTakeTheirs={(theirs) => queries.setQueryData(profileQuery(profileId).queryKey, theirs)}
                onKeepMine={(revision) => save.mutate({ application: typed, revision })}
              />
            )
          : undefined
      }
    />
  )
}
