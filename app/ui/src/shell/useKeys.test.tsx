import { fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, test, vi } from 'vitest';

import { useKeys } from './useKeys';

const go = vi.fn();
const help = vi.fn();

function Page(): ReactNode {
  useKeys({ 'g e': go, '?': help });
  return (
    <>
      <input aria-label="text" />
      <div role="dialog">
        <button type="button">inside</button>
      </div>
    </>
  );
}

test('a key and a sequence of two run their actions', () => {
  render(<Page />);
  fireEvent.keyDown(document.body, { key: '?' });
  fireEvent.keyDown(document.body, { key: 'g' });
  fireEvent.keyDown(document.body, { key: 'e' });
  expect(help).toHaveBeenCalledOnce();
  expect(go).toHaveBeenCalledOnce();
});

test('nothing happens while somebody types, in a dialog, or with a modifier', () => {
  help.mockClear();
  render(<Page />);
  fireEvent.keyDown(screen.getByLabelText('text'), { key: '?' });
  fireEvent.keyDown(screen.getByText('inside'), { key: '?' });
  fireEvent.keyDown(document.body, { key: '?', ctrlKey: true });
  expect(help).not.toHaveBeenCalled();
});
