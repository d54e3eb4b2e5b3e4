/** نصوص مرات الفتح التي حُسبت ثم أُلغيت: قواعد تنظر عبر الطلبات وجدت وراءها آلة. */
import type { Message } from '../plural';

export const behaviour = {
  'about.takenBack': 'قد تُلغى مرة فتح رأيتها محسوبة: إذا تبيّن أن وراءها آلة.',
  'open.class.behaviour_many_tokens': 'آلة: تواقيع كثيرة دفعة واحدة',
  'open.class.behaviour_burst': 'آلة: التوقيع نفسه مرارًا',
  'open.why.behaviour_many_tokens':
    'حُسبت أولًا ثم أُلغيت: حمّل هذا الزائر تواقيع أشخاص كثيرين خلال عشر ثوانٍ، أسرع مما يقرأ أي إنسان.',
  'open.why.behaviour_burst': 'حُسبت أولًا ثم أُلغيت: حمّل هذا الزائر التوقيع نفسه مرارًا خلال عشر ثوانٍ.',
} as const satisfies Record<string, Message>;
