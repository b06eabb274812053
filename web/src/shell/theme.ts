import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

// Shade 7 is the accent on light paper, shade 4 the one on dark.
const accent: MantineColorsTuple = [
  '#e8f5f4',
  '#d3e9e7',
  '#a6d4d0',
  '#7fc8c1',
  '#63c0b8',
  '#3d9c95',
  '#237771',
  '#0f5b57',
  '#0b4946',
  '#083835',
]

/** Filled things take their colours from the tokens, which are readable in light and dark. */
const variantColors: VariantColorsResolver = (input) => {
  if (input.variant !== 'filled') return defaultVariantColorsResolver(input)
  const bad = input.color?.startsWith('red') ?? false
  const background = bad ? 'var(--bad)' : 'var(--accent)'
  return {
    background,
    hover: `color-mix(in srgb, ${background} 88%, var(--ink))`,
    color: bad ? 'var(--paper)' : 'var(--accent-ink)',
    border: '1px solid transparent',
  }
}

export const theme = createTheme({
  variantColorResolver: variantColors,
  components: {
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  fontFamily: 'var(--sans)',
  headings: { fontFamily: 'var(--serif)', fontWeight: '600' },
  defaultRadius: 8,
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
})

const shared = {
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--soft)',
  '--mantine-color-placeholder': 'var(--faint)',
  '--mantine-color-default': 'var(--card)',
  '--mantine-color-default-hover': 'var(--wash)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-primary-color-contrast': 'var(--accent-ink)',
}

/** Mantine's own variables follow our tokens, which change with the theme by themselves. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
