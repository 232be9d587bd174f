import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { experimentQuery } from '../../experiment-queries.ts'
import { useRefusal } from '../../session.ts'
import { ExperimentForm } from './experiment-form.tsx'

/** Prepares a new experiment. */
export function NewExperiment() {
  const refusal = useRefusal('flexibility-engineer', 'planner')
  return (
    <Page title="Prepare an experiment" actions={<LinkButton to="/experiments">All experiments</LinkButton>}>
      {refusal === null ? <ExperimentForm experiment={null} /> : <Notice>{refusal}</Notice>}
    </Page>
  )
}

/** Changes an experiment, as far as its phase lets it change. */
export function EditExperiment() {
  const { experimentId } = useParams({ from: '/inside/experiments/$experimentId/edit' })
  const query = useQuery({ ...experimentQuery(experimentId), refetchInterval: false })
  const queries = useQueryClient()
  const refusal = useRefusal('flexibility-engineer', 'planner')
  // Counts how often the stored values were loaded over what was entered.
  const [round, setRound] = useState(0)
  const reload = () =>
    void queries
      .invalidateQueries({ queryKey: experimentQuery(experimentId).queryKey })
      .then(() => setRound((before) => before + 1))
  return (
    <Page
      title="Change an experiment"
      subtitle={query.data?.name}
      actions={
        <LinkButton to="/experiments/$experimentId" params={{ experimentId }}>
          Back to it
        </LinkButton>
      }
    >
      {refusal !== null && <Notice>{refusal}</Notice>}
      {refusal === null && (
        <Loaded query={query}>
          {(experiment) => <ExperimentForm key={round} experiment={experiment} onReload={reload} />}
        </Loaded>
      )}
    </Page>
  )
}
