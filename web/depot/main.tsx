import '../shared/mantine.ts'
import '../shared/styles.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { resolveVariables, theme } from '../shared/theme.ts'
import { queryClient } from './queries.ts'
import { router } from './router.tsx'
import { followRefusals } from './session.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

followRefusals(queryClient, router)

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
