# SPDX-License-Identifier: Apache-2.0
"""texts.py: messages of customers for the bench, made up, one {"id", "text"} a line; the same at each call. Half
of them are English and half Chinese, 50 to 1,500 bytes long; most hold numbers that are nobody's, one in ten a
value of a person or a secret."""
import json
import random

EN = ['The app logs me out each time I open the data usage page.', 'Is there an outage in the north of the city?',
      'What does the premium support cover, and can I leave it after a month?',
      'My order {n8}-{n5} has not arrived, the page says it is on its way.',
      'Build {n1}.{n2}.{n3}.{n4} of the app shows error E-{n5} when I pay.',
      'The speed test says {n2}.4 down and {n2}.1 up, ticket T-{n8}.', 'I want the plan with 50 GB from May on.',
      'Trace {hex32} stands in the log at 2026-0{n1}-1{n1}T0{n1}:{n2}:{n2}Z.', 'I was charged ${n2}.90 twice.']
ZH = ['请帮我查一下上个月的流量为什么用得这么快。', '我想把套餐改成每月五十元的那一档,下个月开始生效。',
      '订单号 {n8}{n5} 的路由器还没有收到,麻烦催一下。', '装机师傅约好上午来,结果等到下午都没有人。',
      '国际漫游在日本要不要另外收费?', '测速只有 {n2} 兆,工单 {n8} 一直没有人处理。', '客服热线 400-{n3}-{n4} 打不通。']
VALUES = ['Please charge 4111 1111 1111 1111 instead.', 'Write to ada.example@example.com or call +44 20 7946 0958.',
          'The IMEI of my phone is 490154203237518.', 'My name is Grace Example.', '我的手机号是13800138000,请打给我。',
          'The account is DE89 3704 0044 0532 0130 00.', 'The router is 00:00:5E:00:53:AF at 203.0.113.77.',
          'My SSN is 219-09-9999, no, 078-05-1120.']


def number(rng, digits):
    return str(rng.randrange(10 ** (digits - 1), 10 ** digits))


def main():
    rng = random.Random(20261126)
    for i in range(2000):
        some = EN if i % 2 else ZH
        parts = [rng.choice(some) for _ in range(1 + min(24, int(rng.expovariate(1 / 8))))]
        if i % 10 == 0:
            parts.insert(rng.randrange(len(parts) + 1), rng.choice(VALUES))
        text = (' ' if some is EN else '').join(parts)
        for digits in range(1, 9):
            while '{n%d}' % digits in text:
                text = text.replace('{n%d}' % digits, number(rng, digits), 1)
        while '{hex32}' in text:
            text = text.replace('{hex32}', '%032x' % rng.getrandbits(128), 1)
        print(json.dumps({'id': i, 'text': text}, ensure_ascii=False))


main()
