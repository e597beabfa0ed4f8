/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of machines and cells. */
#include "find_rows.h"

enum {
    NET = OBI_SEEN_DIGITS | OBI_SEEN_MIXED | OBI_SEEN_COLONS
};

static void finds_ip_addresses(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"my IP is ", "81.2.69.142", NET, OB_KIND_IP, "81.2.69.142"},
        {"my IP is ", "81.2.69.142.", NET, OB_KIND_IP, "81.2.69.142"},
        {"IP address ", "81.2.69.142:8080", NET, OB_KIND_IP, "81.2.69.142"},
        {"IP range ", "81.2.69.0/24", NET, OB_KIND_IP, "81.2.69.0/24"},
        {"IP: ", "http://81.2.69.142/admin", NET, OB_KIND_IP, "81.2.69.142"},
        {"IP: ", "192.168.1.254", NET, OB_KIND_IP, "192.168.1.254"},
        {"\u5730\u5740", "81.2.69.142", NET, OB_KIND_IP, "81.2.69.142"},
        {"IP: ", "2a02:6b8::2:242", NET, OB_KIND_IP, "2a02:6b8::2:242"},
        {"", "ip:2a02:6b8::2:242", NET, OB_KIND_IP, "2a02:6b8::2:242"},
        {"IP: ", "2a02:6b8::2:242.", NET, OB_KIND_IP, "2a02:6b8::2:242"},
        {"IP: ", "2a02:6b8::/32", NET, OB_KIND_IP, "2a02:6b8::/32"},
        {"IP: ", "fe80::1%eth0", NET, OB_KIND_IP, "fe80::1%eth0"},
        {"IP: ", "::ffff:81.2.69.142", NET, OB_KIND_IP, "::ffff:81.2.69.142"},
        {"IP: ", "9ff3:a971:5004:6006:892a:dd79:5ae9:ab8e", NET, OB_KIND_IP,
         "9ff3:a971:5004:6006:892a:dd79:5ae9:ab8e"},
        {"my IP, src=", "::1", NET, OB_KIND_IP, "::1"},
    };
    check_rows(obi_find_net, rows, OB_COUNT(rows));
}

static void leaves_versions_and_times_alone(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"the firmware version is ", "81.2.69.142", NET, OB_KINDS, NULL},
        {"", "Build 81.2.69.142", NET, OB_KINDS, NULL},
        {"\u7248\u672c\u53f7\uff1a", "81.2.69.142", NET, OB_KINDS, NULL},
        {"my Android ", "81.2.69.142", NET, OB_KINDS, NULL},
        {"", "v81.2.69.142", NET, OB_KINDS, NULL},
        {"IP: ", "81.2.69.256", NET, OB_KINDS, NULL},
        {"IP: ", "81.2.69.142.5", NET, OB_KINDS, NULL},
        {"IP: ", "1081.2.69.142", NET, OB_KINDS, NULL},
        {"IP: ", "81.2.69.142abc", NET, OB_KINDS, NULL},
        {"", "10:15:30", NET, OB_KINDS, NULL},
        {"", "text2001:2a02::1", NET, OB_KINDS, NULL},
        {"", "12345:2a02::1", NET, OB_KINDS, NULL},
        {"", "std::vector", NET, OB_KINDS, NULL},
        {"", "2026-01-31T10:15:30", NET, OB_KINDS, NULL},
    };
    check_rows(obi_find_net, rows, OB_COUNT(rows));
}

static void finds_hardware_addresses(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"MAC address is ", "02:00:5E:10:00:01", NET, OB_KIND_MAC, "02:00:5E:10:00:01"},
        {"MAC ", "02-00-5e-10-00-01", NET, OB_KIND_MAC, "02-00-5e-10-00-01"},
        {"MAC ", "0200.5e10.0001", NET, OB_KIND_MAC, "0200.5e10.0001"},
        {"MAC address ", "0200-5e10-0001", NET, OB_KIND_MAC, "0200-5e10-0001"},
        {"MAC ", "AA-BB-CC-DD-EE-FF", NET, OB_KIND_MAC, "AA-BB-CC-DD-EE-FF"},
        {"MAC address ", "02005E-100001", NET, OB_KIND_MAC, "02005E-100001"},
        {"MAC address: ", "02005E100001", NET, OB_KIND_MAC, "02005E100001"},
        {"", "MAC:02:00:5E:10:00:01", NET, OB_KIND_MAC, "02:00:5E:10:00:01"},
        {"", "02005E100001", NET, OB_KINDS, NULL},
        {"MAC ", "02:00:5E:10:00:01:02", NET, OB_KINDS, NULL},
        {"MAC ", "02:00-5E:10-00:01", NET, OB_KINDS, NULL},
        {"", "550e8400-e29b-41d4-a716-446655440000", NET, OB_KINDS, NULL},
        {"MAC ", "550e8400-e29b-41d4-a716-446655440000", NET, OB_KINDS, NULL},
    };
    check_rows(obi_find_net, rows, OB_COUNT(rows));
}

static void finds_cells(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"serving cell ", "460-99-1A2B-3C4D", NET, OB_KIND_CELL, "460-99-1A2B-3C4D"},
        {"serving cell ", "001-01-00ABCDEF1.", NET, OB_KIND_CELL, "001-01-00ABCDEF1"},
        {"serving cell ", "460-999-1A2B-3C4D", NET, OB_KINDS, NULL},
        {"serving cell ", "1-460-99-1A2B-3C4D", NET, OB_KINDS, NULL},
    };
    check_rows(obi_find_net, rows, OB_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_ip_addresses),
        cmocka_unit_test(leaves_versions_and_times_alone),
        cmocka_unit_test(finds_hardware_addresses),
        cmocka_unit_test(finds_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
