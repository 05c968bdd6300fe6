export { assetUrl, assetsFolder } from './asset-url.ts'
export {
  BarsChart,
  ChartScroll,
  LanesChart,
  MatrixChart,
  QuartilesChart,
  TilesChart,
  TimeRowsChart,
} from './charts.tsx'
export {
  Button,
  ButtonForm,
  Checkbox,
  CheckboxGroup,
  ErrorSummary,
  Field,
  FileField,
  LengthField,
  Form,
  Hidden,
  LinkButton,
  type Option,
  RadioGroup,
  Select,
  TextArea,
  fieldId,
} from './form.tsx'
export { JointText } from './joint-text.tsx'
export { clearLabels, labelHeight, labelWidth, spreadLabels } from './label-places.ts'
export {
  Layout,
  type LayoutProps,
  type NavigationGroup,
  type NavigationItem,
  Notice,
  type PersonLink,
} from './layout.tsx'
export { ClockChip, type ClockLook, Finality, Fingerprint, Pairs, Reg, Time, TlpLabel, markingText } from './margin.tsx'
export { MomentField, writtenMoment } from './moment-field.tsx'
export {
  Details,
  Entry,
  FormLine,
  Lead,
  LeavesStays,
  LiveRegion,
  PageHead,
  Paper,
  Quiet,
  Row,
  Section,
  Steps,
  Table,
  Trouble,
} from './page.tsx'
export { ProseFields } from './prose-fields.tsx'
export { PageLanguage } from './words.ts'
