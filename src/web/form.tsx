import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { useWords } from './words.ts'

export interface FormProps {
  action?: string
  method?: 'get' | 'post'
  children?: ComponentChildren
  enctype?: 'multipart/form-data' | 'application/x-www-form-urlencoded'
  id?: string
  label?: string
  /** Where another form of the page has fields of the same names: what tells the controls of this one apart. */
  scope?: string
}

const FormScope = createContext('')

/** A form that works without JavaScript. `novalidate`: the server answers with words, not the browser with bubbles. */
export function Form({ action, method = 'post', children, enctype, id, label, scope = '' }: FormProps) {
  return (
    <FormScope.Provider value={scope}>
      <form class="fields" action={action} method={method} encType={enctype} id={id} aria-label={label} noValidate>
        {children}
      </form>
    </FormScope.Provider>
  )
}

export interface FieldProps {
  name: string
  label: ComponentChildren
  hint?: ComponentChildren
  value?: string | number
  error?: string
  type?: 'text' | 'email' | 'tel' | 'url' | 'number' | 'date' | 'time' | 'datetime-local' | 'password' | 'search'
  required?: boolean
  autocomplete?: string
  inputmode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email' | 'url' | 'search' | 'none'
  maxlength?: number
  /** Expected length in characters: sets the width, not a limit. */
  width?: 'short' | 'medium' | 'long'
  /** Language of what is typed, where it differs from the page's. */
  language?: string
  list?: readonly string[]
  min?: string | number
  max?: string | number
  readonly?: boolean
}

/** Id of the control a name belongs to in a form without a scope: error summaries link there. */
export const fieldId = (name: string): string => `field-${name.replace(/[^a-zA-Z0-9_-]/g, '-')}`

function useFieldId(name: string): string {
  const scope = useContext(FormScope)
  return fieldId(scope ? `${scope}-${name}` : name)
}

const describedBy = (id: string, { hint, error }: { hint?: unknown; error?: unknown }): string | undefined =>
  [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined

function Around({
  id,
  label,
  hint,
  error,
  required,
  children,
}: {
  id: string
  label: ComponentChildren
  hint?: ComponentChildren
  error?: string
  required?: boolean
  children: ComponentChildren
}) {
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={id}>
        {label}
        <Optional required={required} />
      </label>
      <HintAndError id={id} hint={hint} error={error} />
      {children}
    </div>
  )
}

function Optional({ required }: { required?: boolean }) {
  const t = useWords()
  return required === false ? <span class="optional"> ({t('common.optional')})</span> : null
}

function HintAndError({ id, hint, error }: { id: string; hint?: ComponentChildren; error?: string }) {
  const t = useWords()
  return (
    <>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          <span class="aside">{t('frame.error-prefix')} </span>
          {error}
        </p>
      )}
    </>
  )
}

/** One line of text, a number or a date. `required={false}` says "optional" beside the label. */
export function Field(props: FieldProps) {
  const { name, value, type = 'text', required, error, list } = props
  const id = useFieldId(name)
  return (
    <Around id={id} label={props.label} hint={props.hint} error={error} required={required}>
      <input
        id={id}
        name={name}
        type={type as 'text'}
        value={value ?? ''}
        required={required}
        maxLength={props.maxlength}
        class={props.width}
        autocomplete={props.autocomplete}
        inputMode={props.inputmode}
        min={props.min}
        max={props.max}
        readOnly={props.readonly}
        lang={props.language}
        dir={type === 'text' ? 'auto' : undefined}
        list={list ? `${id}-list` : undefined}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(id, props)}
      />
      {list && (
        <datalist id={`${id}-list`}>
          {list.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
    </Around>
  )
}

/** Several lines of text, set in the document face. */
export function TextArea({
  name,
  label,
  hint,
  value,
  error,
  required,
  rows = 8,
  maxlength,
  language,
}: Pick<FieldProps, 'name' | 'label' | 'hint' | 'error' | 'required' | 'maxlength' | 'language'> & {
  value?: string
  rows?: number
}) {
  const id = useFieldId(name)
  return (
    <Around id={id} label={label} hint={hint} error={error} required={required}>
      <textarea
        id={id}
        name={name}
        rows={rows}
        required={required}
        maxLength={maxlength}
        lang={language}
        dir="auto"
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(id, { hint, error })}
        value={value ?? ''}
      />
    </Around>
  )
}

export interface Option {
  value: string
  label: string
  hint?: string
  disabled?: boolean
}

/** A number with the unit it is counted in beside it, as one question. */
export function LengthField({
  name,
  label,
  hint,
  value,
  error,
  required,
  unit,
}: Pick<FieldProps, 'name' | 'label' | 'hint' | 'value' | 'error' | 'required'> & {
  unit: { name: string; label: string; value: string; options: Option[] }
}) {
  const id = useFieldId(name)
  return (
    <fieldset class={error ? 'field wrong' : 'field'}>
      <legend id={`${id}-legend`}>
        {label}
        <Optional required={required} />
      </legend>
      <HintAndError id={id} hint={hint} error={error} />
      <div class="row">
        <input
          id={id}
          name={name}
          class="short"
          inputMode="numeric"
          maxLength={4}
          value={value ?? ''}
          aria-labelledby={`${id}-legend`}
          aria-describedby={describedBy(id, { hint, error })}
          aria-invalid={error ? 'true' : undefined}
        />
        <select name={unit.name} aria-label={unit.label}>
          {unit.options.map((o) => (
            <option key={o.value} value={o.value} selected={o.value === unit.value}>
              {o.label}
            </option>
          ))}
        </select>
      </div>
    </fieldset>
  )
}

/** One of many. An empty `placeholder` option keeps the form from choosing for the person. */
export function Select({
  name,
  label,
  hint,
  value,
  error,
  required,
  options,
  placeholder,
}: Pick<FieldProps, 'name' | 'label' | 'hint' | 'error' | 'required'> & {
  value?: string
  options: Option[]
  placeholder?: string
}) {
  const id = useFieldId(name)
  return (
    <Around id={id} label={label} hint={hint} error={error} required={required}>
      <select
        id={id}
        name={name}
        required={required}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(id, { hint, error })}
      >
        {placeholder !== undefined && (
          <option value="" selected={!value}>
            {placeholder}
          </option>
        )}
        {options.map((o) => (
          <option key={o.value} value={o.value} selected={o.value === value} disabled={o.disabled}>
            {o.label}
          </option>
        ))}
      </select>
    </Around>
  )
}

type GroupProps = Pick<FieldProps, 'name' | 'label' | 'hint' | 'error' | 'required'> & { options: Option[] }

/** One of few, all in view. */
export function RadioGroup({ value, ...props }: GroupProps & { value?: string }) {
  return <Choices {...props} type="radio" chosen={value === undefined ? [] : [value]} />
}

/** Any of few; the name is repeated for each chosen value. */
export function CheckboxGroup({ values = [], ...props }: GroupProps & { values?: readonly string[] }) {
  return <Choices {...props} type="checkbox" chosen={values} />
}

function Choices({
  name,
  label,
  hint,
  error,
  required,
  options,
  type,
  chosen,
}: GroupProps & { type: 'radio' | 'checkbox'; chosen: readonly string[] }) {
  const id = useFieldId(name)
  return (
    <fieldset
      class={error ? 'field choices wrong' : 'field choices'}
      aria-describedby={describedBy(id, { hint, error })}
    >
      <legend>
        {label}
        <Optional required={required} />
      </legend>
      <HintAndError id={id} hint={hint} error={error} />
      {options.map((option, i) => {
        const own = i === 0 ? id : `${id}-${i}`
        return (
          <div class="choice" key={option.value}>
            <input
              id={own}
              type={type}
              name={name}
              value={option.value}
              checked={chosen.includes(option.value)}
              disabled={option.disabled}
              required={type === 'radio' ? required : undefined}
              aria-describedby={option.hint ? `${own}-about` : undefined}
            />
            <label for={own}>{option.label}</label>
            {option.hint && (
              <p class="hint" id={`${own}-about`}>
                {option.hint}
              </p>
            )}
          </div>
        )
      })}
    </fieldset>
  )
}

/** A single yes-or-no box. */
export function Checkbox({
  name,
  label,
  hint,
  error,
  checked,
  value = 'yes',
  required,
}: Pick<FieldProps, 'name' | 'label' | 'hint' | 'error' | 'required'> & { checked?: boolean; value?: string }) {
  const id = useFieldId(name)
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <div class="choice">
        <input
          id={id}
          type="checkbox"
          name={name}
          value={value}
          checked={checked}
          required={required}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={describedBy(id, { hint, error })}
        />
        <label for={id}>{label}</label>
      </div>
      <HintAndError id={id} hint={hint} error={error} />
    </div>
  )
}

/** Files to send along; the form needs `enctype="multipart/form-data"`. */
export function FileField({
  name,
  label,
  hint,
  error,
  required,
  accept,
  multiple,
}: Pick<FieldProps, 'name' | 'label' | 'hint' | 'error' | 'required'> & { accept?: string; multiple?: boolean }) {
  const id = useFieldId(name)
  return (
    <Around id={id} label={label} hint={hint} error={error} required={required}>
      <input
        id={id}
        type="file"
        name={name}
        accept={accept}
        multiple={multiple}
        required={required}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(id, { hint, error })}
      />
    </Around>
  )
}

export function Hidden({ name, value }: { name: string; value: string | number }) {
  return <input type="hidden" name={name} value={value} />
}

/** Presses the form it stands in. `plain` for everything but the one main thing. */
export function Button({
  label,
  plain,
  name,
  value,
  danger,
  formaction,
}: {
  label: ComponentChildren
  plain?: boolean
  name?: string
  value?: string
  danger?: boolean
  formaction?: string
}) {
  const look = ['btn', plain && 'plain', danger && 'danger'].filter(Boolean).join(' ')
  return (
    <button class={look} type="submit" name={name} value={value} formAction={formaction}>
      {label}
    </button>
  )
}

export function LinkButton({
  href,
  label,
  plain,
  download,
}: {
  href: string
  label: ComponentChildren
  plain?: boolean
  download?: boolean
}) {
  return (
    <a class={plain ? 'btn plain' : 'btn'} href={href} download={download}>
      {label}
    </a>
  )
}

/** A form of one button: an act that needs nothing typed. */
export function ButtonForm({
  action,
  label,
  fields = {},
  plain,
  danger,
}: {
  action: string
  label: ComponentChildren
  fields?: Record<string, string>
  plain?: boolean
  danger?: boolean
}) {
  return (
    <form class="one-button" method="post" action={action}>
      {Object.entries(fields).map(([name, value]) => (
        <Hidden key={name} name={name} value={value} />
      ))}
      <Button label={label} plain={plain} danger={danger} />
    </form>
  )
}

/** Everything that needs correcting, each leading to its field. Shown above the form; renders nothing without errors. */
export function ErrorSummary({
  errors,
  labels = {},
}: {
  errors?: Record<string, string>
  labels?: Record<string, string>
}) {
  const t = useWords()
  const list = Object.entries(errors ?? {})
  if (list.length === 0) return null
  return (
    <div class="error-summary" role="alert" tabIndex={-1} id="errors" aria-labelledby="errors-title">
      <h2 id="errors-title">{t('frame.errors-title', { count: list.length })}</h2>
      <ul>
        {list.map(([name, message]) => (
          <li key={name}>
            <a href={`#${fieldId(name)}`}>
              {labels[name] ?? <span data-unnamed>{named(name)}</span>}
              {`: ${message}`}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** A field's name as words, until it is called what the page calls it: `data-unnamed` says that nobody did. */
const named = (name: string): string => name.replace(/[-_.]/g, ' ')
