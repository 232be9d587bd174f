import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/**
 * Every colour of the screens (design: grey is normal, colour means act). `amber` is at risk, `red` a breach or a failure, `violet` data
 * that are not to be trusted, `accent` links, selection and the plain data line. Nothing else in web/ names a colour: styles use the
 * variables `--rm-…`, and mix them where they need a tint.
 */
export const tokens = {
  light: {
    background: '#f3f4f5',
    surface: '#ffffff',
    line: '#d9dce0',
    text: '#1f2429',
    secondary: '#5b6570',
    accent: '#2f6f9f',
    onAccent: '#ffffff',
    amber: '#9f5000',
    red: '#b3261e',
    violet: '#6d4aa8',
  },
  dark: {
    background: '#16191c',
    surface: '#1f2327',
    line: '#353b41',
    text: '#e6e8ea',
    secondary: '#9aa4ae',
    accent: '#7db4dc',
    onAccent: '#16191c',
    amber: '#f0a94a',
    red: '#ff7a70',
    violet: '#b79df0',
  },
} as const satisfies Record<'light' | 'dark', Record<string, string>>

export type Token = keyof (typeof tokens)['light']

function variables(scheme: Record<Token, string>): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(scheme).map(([name, value]) => [
      `--rm-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
      value,
    ]),
  )
  return {
    ...own,
    '--rm-hover': `color-mix(in srgb, ${scheme.text} 5%, transparent)`,
    '--rm-selected': `color-mix(in srgb, ${scheme.accent} 11%, transparent)`,
    '--mantine-color-body': scheme.surface,
    '--mantine-color-text': scheme.text,
    '--mantine-color-dimmed': scheme.secondary,
    '--mantine-color-placeholder': scheme.secondary,
    '--mantine-color-anchor': scheme.accent,
    '--mantine-color-error': scheme.red,
    '--mantine-color-default': scheme.surface,
    '--mantine-color-default-hover': `color-mix(in srgb, ${scheme.text} 5%, ${scheme.surface})`,
    '--mantine-color-default-color': scheme.text,
    '--mantine-color-default-border': `color-mix(in srgb, ${scheme.secondary} 65%, ${scheme.surface})`,
    '--mantine-primary-color-filled': scheme.accent,
    '--mantine-primary-color-filled-hover': `color-mix(in srgb, ${scheme.accent} 88%, ${scheme.text})`,
    '--mantine-primary-color-light': `color-mix(in srgb, ${scheme.accent} 14%, transparent)`,
    '--mantine-primary-color-light-color': scheme.accent,
    '--mantine-primary-color-contrast': scheme.onAccent,
    '--mantine-color-accent-filled': scheme.accent,
    '--mantine-color-accent-filled-hover': `color-mix(in srgb, ${scheme.accent} 88%, ${scheme.text})`,
    '--mantine-color-disabled': `color-mix(in srgb, ${scheme.text} 6%, ${scheme.surface})`,
    '--mantine-color-disabled-color': scheme.secondary,
  }
}

/** Turns the tokens into CSS variables, and gives Mantine's own variables their values. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variables(tokens.light),
  dark: variables(tokens.dark),
})

const accentTuple = Array.from({ length: 10 }, () => tokens.light.accent) as unknown as MantineColorsTuple

export const theme = createTheme({
  primaryColor: 'accent',
  colors: { accent: accentTuple },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  radius: { xs: '2px', sm: '4px', md: '4px', lg: '4px', xl: '4px' },
  defaultRadius: 'sm',
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: {
      defaultProps: { size: 'xs', variant: 'default' },
      vars: (_theme: unknown, { variant }: { variant?: string | undefined }) => ({
        root: variant === 'filled' ? { '--button-color': 'var(--rm-on-accent)' } : {},
      }),
    },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    SegmentedControl: {
      defaultProps: { transitionDuration: 0 },
      styles: {
        root: { backgroundColor: 'color-mix(in srgb, var(--rm-text) 8%, transparent)' },
        indicator: { backgroundColor: 'var(--rm-surface)', boxShadow: 'none' },
      },
    },
    TextInput: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: { centered: true, transitionProps: { duration: 0 }, closeButtonProps: { 'aria-label': 'Close' } },
    },
    // Mantine's is a <header>, which a dialog makes a second banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    Menu: { defaultProps: { transitionProps: { duration: 0 } } },
  },
})
