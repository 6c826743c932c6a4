import { HalfIcon, MoonIcon, SunIcon } from './icons.tsx';
import { type Theme, useTheme } from './theme.ts';

const CHOICES: readonly { theme: Theme; label: string; icon: typeof SunIcon }[] = [
  { theme: 'auto', label: 'As the system', icon: HalfIcon },
  { theme: 'light', label: 'Light', icon: SunIcon },
  { theme: 'dark', label: 'Dark', icon: MoonIcon },
];

export function ThemeSwitch() {
  const [chosen, choose] = useTheme();
  return (
    <fieldset className="theme-switch">
      <legend className="visually-hidden">Theme</legend>
      {CHOICES.map(({ theme, label, icon: Icon }) => (
        <label key={theme} title={label}>
          <input
            type="radio"
            name="theme"
            className="visually-hidden"
            checked={theme === chosen}
            onChange={() => choose(theme)}
          />
          <Icon />
          <span className="visually-hidden">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
